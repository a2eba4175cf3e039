import { randomUUID } from 'node:crypto';
import type { Attributes } from '@opentelemetry/api';
import type { Application } from '../config/application-environment.js';
import type { AgentConfig } from '../config/config.js';
import { applicationPackage } from './application-package.js';
import { resourceAttributes, serviceNameOf } from './resource.js';

/** Who this process is. */
export interface Identity {
  readonly serviceName: string;
  /** Computed when first asked for: start-up does not wait for it. */
  readonly resource: () => Attributes;
}

export function identityOf(config: AgentConfig, { script, workingDirectory }: Application): Identity {
  const application = applicationPackage(script, workingDirectory);
  let known: Attributes | undefined;
  return {
    serviceName: serviceNameOf(config, application),
    resource: () => {
      known ??= resourceAttributes(config, application, randomUUID(), script);
      return known;
    },
  };
}
