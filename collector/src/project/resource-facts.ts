import { attributeText } from '../decode/text.js';
import type { AttributeColumns, ResourceColumns } from '../telemetry/attribute-columns.js';
import { Name } from '../telemetry/vocabulary.js';
import { KnownKeys } from './known-keys.js';
import type { SenderFact } from './projection.js';

/** OTel's name for a service that did not say its name. */
export const UNKNOWN_SERVICE = 'unknown_service';

/** What projections need of a resource, read once per resource and request. */
export interface ResourceFacts {
  service: string;
  environment: string;
  version: string;
  instance: string;
  host: string;
  language: string;
  track: string;
  sdk: string;
  sdkVersion: string;
}

const keys = new KnownKeys({
  service: Name.serviceName,
  environment: [Name.environment, 'deployment.environment'],
  version: Name.serviceVersion,
  instance: Name.serviceInstanceId,
  host: Name.hostName,
  language: Name.sdkLanguage,
  track: Name.track,
  sdk: ['telemetry.distro.name'],
  sdkVersion: ['telemetry.distro.version'],
  sdkName: Name.sdkName,
  sdkNameVersion: Name.sdkVersion,
});

export function resourceFacts(source: {
  bytes: Uint8Array;
  attributes: AttributeColumns;
  resources: ResourceColumns;
}): ResourceFacts[] {
  const { resources } = source;
  return Array.from({ length: resources.count }, (_, i) => {
    keys.locate(source.bytes, source.attributes, resources.attributes.from[i] ?? 0, resources.attributes.to[i] ?? 0);
    const text = (slot: Parameters<typeof keys.row>[0]): string => {
      const row = keys.row(slot);
      return row === -1 ? '' : attributeText(source, row);
    };
    return {
      service: text('service') || UNKNOWN_SERVICE,
      environment: text('environment'),
      version: text('version'),
      instance: text('instance'),
      host: text('host'),
      language: text('language'),
      track: text('track'),
      sdk: text('sdk') || text('sdkName'),
      sdkVersion: text('sdkVersion') || text('sdkNameVersion'),
    };
  });
}

/** One sender per resource; `lastNano` is the receive time's part of the caller. */
export function senderFacts(resources: ResourceFacts[], lastNano: bigint): SenderFact[] {
  const senders = new Map<string, SenderFact>();
  for (const { service, environment, sdk, sdkVersion, language } of resources) {
    senders.set([service, environment, sdk, sdkVersion].join('\0'), {
      service,
      environment,
      sdk,
      sdkVersion,
      language,
      lastNano,
    });
  }
  return [...senders.values()];
}
