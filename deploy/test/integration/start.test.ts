import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { installElasticsearch } from '../../bootstrap/elasticsearch.mjs';
import { startOrrery } from './running-orrery.js';
import { eventually } from './running-shop.js';

interface TraceSummary {
  trace_id: string;
  services: { service: string }[];
}
interface LogRow {
  service: string;
  trace_id: string;
}

const minutes = 60_000;

const missing = await installElasticsearch().then(
  () => undefined,
  (error: Error) => error.message,
);
const stores = [
  { store: 'duckdb', cannot: undefined },
  { store: 'elasticsearch', cannot: missing },
];

/** Of those an order goes through, the ones that log. Each sends when it has to, so they come in any order. */
const SPEAKERS = ['gateway', 'orders', 'inventory', 'payments', 'bank', 'shipping', 'mail'];

function missingIn(seen: readonly { service: string }[], wanted: readonly string[]): string[] {
  return wanted.filter((service) => !seen.some((one) => one.service === service));
}

for (const { store, cannot } of stores) {
  test.skipIf(cannot)(
    `shows an order as one trace through all services with their logs, on ${store}, and leaves nothing running after Ctrl-C`,
    async () => {
      const orrery = await startOrrery(['--store', store]);
      try {
        const id = `r7-${randomUUID().slice(0, 8)}`;
        await fetch(`${orrery.shop}/orders`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-correlation-id': id },
          body: JSON.stringify({ customer: 'anna', sku: 'moon-globe', quantity: 1, card: '4000-1234' }),
        });
        const ask = async <T>(path: string): Promise<T> =>
          (await fetch(`${orrery.ui}/api/orrery/v1/${path}?q=correlation_id:${id}&limit=500`)).json() as Promise<T>;

        const { traces } = await eventually(
          () => ask<{ traces: TraceSummary[] }>('traces'),
          (list) => list.traces.some(({ services }) => missingIn(services, [...SPEAKERS, 'loyalty']).length === 0),
        );
        expect(traces).toHaveLength(1);

        const { logs } = await eventually(
          () => ask<{ logs: LogRow[] }>('logs'),
          (list) => missingIn(list.logs, SPEAKERS).length === 0,
        );
        expect(new Set(logs.map(({ trace_id }) => trace_id))).toEqual(new Set([traces[0]?.trace_id]));
        orrery.script.kill('SIGINT');
        await orrery.gone();
        expect(orrery.script.exitCode).toBe(0);
      } finally {
        await orrery.stop();
      }
    },
    4 * minutes,
  );
}

test(
  'leaves nothing running when the script itself is killed',
  async () => {
    const orrery = await startOrrery();
    try {
      expect(orrery.output()).toContain('Three things to try');
      orrery.script.kill('SIGKILL');
      await orrery.gone();
    } finally {
      await orrery.stop();
    }
  },
  4 * minutes,
);
