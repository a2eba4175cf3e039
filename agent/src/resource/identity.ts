import { randomUUID } from 'node:crypto';
import type { Attributes } from '@opentelemetry/api';
import type { AgentConfig } from '../config/config.js';
import { applicationPackage } from './application-package.js';
import { resourceAttributes, serviceNameOf } from './resource.js';

/** Who this process is. */
export interface Identity {
  readonly serviceName: string;
  /** Computed when first asked for: start-up does not wait for it. */
  readonly resource: () => Attributes;
}

export function identityOf(config: AgentConfig): Identity {
  const application = applicationPackage(process.argv[1], process.cwd());
  let known: Attributes | undefined;
  return {
    serviceName: serviceNameOf(config, application),
    resource: () => {
      known ??= resourceAttributes(config, application, randomUUID());
      return known;
    },
  };
}
