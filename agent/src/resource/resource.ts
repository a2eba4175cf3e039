import { arch, hostname, platform, release } from 'node:os';
import type { Attributes } from '@opentelemetry/api';
import type { AgentConfig } from '../config/config.js';
import { AGENT_NAME, AGENT_VERSION } from '../version.js';
import type { ApplicationPackage } from './application-package.js';

/** Name of the service: `OTEL_SERVICE_NAME`, `OTEL_RESOURCE_ATTRIBUTES`, package.json, in this order (OTel resource specification). */
export function serviceNameOf(config: AgentConfig, application: ApplicationPackage): string {
  return (
    config.serviceName ?? config.resourceAttributes.get('service.name') ?? application.name ?? 'unknown_service:node'
  );
}

/** Attributes of the resource. What the user sets in `OTEL_RESOURCE_ATTRIBUTES` wins over what is detected. */
export function resourceAttributes(
  config: AgentConfig,
  application: ApplicationPackage,
  instanceId: string,
  script: string | undefined,
): Attributes {
  const attributes: Attributes = {
    'service.instance.id': instanceId,
    'host.name': hostname(),
    'host.arch': arch() === 'x64' ? 'amd64' : arch(),
    'os.type': platform() === 'win32' ? 'windows' : platform(),
    'os.version': release(),
    'process.pid': process.pid,
    'process.executable.name': process.title.slice(0, 256),
    'process.executable.path': process.execPath,
    'process.runtime.name': 'nodejs',
    'process.runtime.version': process.versions.node,
    'telemetry.sdk.name': AGENT_NAME,
    'telemetry.sdk.language': 'nodejs',
    'telemetry.sdk.version': AGENT_VERSION,
  };
  if (script !== undefined) attributes['process.command'] = script;
  if (application.version !== undefined) attributes['service.version'] = application.version;
  for (const [key, value] of config.resourceAttributes) attributes[key] = value;
  attributes['service.name'] = serviceNameOf(config, application);
  return attributes;
}
