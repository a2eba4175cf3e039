import type { Logger } from 'pino';
import type { SystemHealth } from '../api/serve/system-health.js';
import type { OrreryConfig } from '../config/schema.js';
import { StoreError, type TelemetryReader } from '../store/store.js';

export async function openReader(
  config: OrreryConfig,
  logger: Logger,
): Promise<{ reader: TelemetryReader; health: Omit<SystemHealth, 'ingest'>; close: () => Promise<void> }> {
  logger.debug({ store: config.store }, 'no store yet');
  const fail = () =>
    Promise.reject(new StoreError('store_unavailable', 'The store does not answer.', { retryable: true }));
  return {
    reader: new Proxy({}, { get: () => fail }) as TelemetryReader,
    health: { store: fail },
    close: async () => undefined,
  };
}
