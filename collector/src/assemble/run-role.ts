import type { Logger } from 'pino';
import type { OrreryConfig } from '../config/schema.js';
import { explainFailure } from './explain-failure.js';
import type { Role, RoleContext, RoleName, RunningRole } from './role.js';

/** A process loads only what its role needs: an intake without DuckDB is small, and starts at once. */
const LOADERS: Record<RoleName, () => Promise<Role>> = {
  ingest: async () => (await import('./ingest-role.js')).startIngest,
  store: async () => (await import('./store-role.js')).startStore,
  api: async () => (await import('./api-role.js')).startApi,
};

/** What kept a role from starting, as a sentence for a person. */
export class RoleFailure extends Error {
  readonly code = 'role_failed';
  readonly retryable = true;
}

export async function runRole(name: RoleName, context: RoleContext): Promise<RunningRole> {
  try {
    const start = await LOADERS[name]();
    return await start(context);
  } catch (error) {
    throw asFailure(name, error, context.config, context.logger);
  }
}

function asFailure(name: RoleName, error: unknown, config: OrreryConfig, logger: Logger): RoleFailure {
  const sentence = explainFailure(error, config);
  if (sentence !== null) return new RoleFailure(sentence, { cause: error });
  logger.error({ err: error }, `${name} cannot start`);
  const message = error instanceof Error ? error.message : String(error);
  return new RoleFailure(`The ${name} process cannot start: ${message}`, { cause: error });
}
