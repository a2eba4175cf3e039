import type { Logger } from 'pino';
import type { OrreryConfig } from '../config/schema.js';
import type { RoleName } from './role.js';
import { type Supervised, supervise } from './supervisor.js';

export interface RunningCollector {
  /** One sentence per process, in the order of the data's path. */
  sentences: string[];
  /** Stops who asks first, while there is an intake for its last spans; then the intake, then the store. */
  stop(): Promise<void>;
}

/**
 * The whole collector as processes of its own. The intake comes first: it holds the lock of the data directory, so a
 * second collector stops before anything else of it runs.
 * @throws StartFailure when a process cannot start; what was started is stopped.
 */
export async function runAll(options: {
  program: string;
  config: OrreryConfig;
  logger: Logger;
  signal: AbortSignal;
}): Promise<RunningCollector> {
  const running = new Map<RoleName, Supervised>();
  const up = (role: RoleName): Promise<string> => {
    const supervised = supervise(role, options);
    running.set(role, supervised);
    return supervised.started;
  };
  const stop = async (): Promise<void> => {
    for (const supervised of running.values()) supervised.expectEnd();
    for (const role of ['api', 'ingest', 'store'] as const) await running.get(role)?.stop();
  };
  const aborted = new Promise<never>((_, reject) => {
    options.signal.addEventListener('abort', () => reject(new Error('stopped while starting')), { once: true });
  });
  aborted.catch(() => undefined);
  try {
    const ingest = await Promise.race([up('ingest'), aborted]);
    const others = Promise.all([up('store'), up('api')]);
    const [store, api] = await Promise.race([others, aborted]);
    return { sentences: [ingest, store, api], stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
