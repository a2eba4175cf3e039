import { Gauge, type Registry } from 'prom-client';
import type { SystemHealth } from '../api/serve/system-health.js';

const PATIENCE_MS = 1000;

/** How far the store is behind, as gauges that are asked for when they are scraped. */
export function storeGauges(store: SystemHealth['store'], registry: Registry): void {
  const ask = () => store(AbortSignal.timeout(PATIENCE_MS)).catch(() => null);
  const gauge = (name: string, help: string, read: (health: Awaited<ReturnType<SystemHealth['store']>>) => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        const health = await ask();
        if (health) this.set(read(health));
        else this.remove();
      },
    });
  gauge('orrery_store_lag_bytes', 'Bytes of the log that are not stored yet.', ({ lagBytes }) => lagBytes);
  gauge('orrery_store_lag_seconds', 'How long the oldest of them has waited.', ({ lagMs }) => lagMs / 1000);
  gauge(
    'orrery_store_log_damaged_bytes',
    'Bytes of the log that could not be read and were set aside, since the store process began.',
    ({ damagedBytes }) => damagedBytes,
  );
  gauge('orrery_store_up', '1 when the store process stores and answers.', ({ trouble }) => Number(trouble === null));
}

/**
 * Our own families (`orrery_…`) of another process's Prometheus text. What every Node process says of itself is left
 * out: under the same names it would contradict this process's.
 */
export function ownFamilies(text: string): string {
  const lines = text.split('\n').filter((line) => /^(?:# (?:HELP|TYPE) )?orrery_/.test(line));
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}
