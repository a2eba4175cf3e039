import type { Scenario } from '../scenario.js';

/** Name, kind, and the value (count and sum of histograms). */
const METRICS = {
  orders_total: { kind: 'sum', value: 2 },
  stock: { kind: 'gauge', value: 5 },
  sizes: { kind: 'histogram', count: 3, sum: 55.5, buckets: [1, 1, 1] },
  waits_count: { kind: 'sum', value: 1 },
} as const;

export function promClient(library: 'prom-client' | '@prometheus-io/client'): Scenario {
  return {
    app: 'prom-client',
    words: { 'prom-client': library },
    exchanges: [
      {
        path: '/',
        status: 200,
        span: { name: 'GET', kind: 'server' },
        logs: [{ body: 'counted', at: 'GET' }],
      },
    ],
    also: ({ metrics }) => {
      for (const [name, { kind, ...values }] of Object.entries(METRICS)) {
        const found = metrics.findLast((metric) => metric.name === name && metric.kind === kind);
        const point = found?.points[0] as unknown as Record<string, unknown> | undefined;
        const wrong = Object.entries(values).find(
          ([key, value]) => JSON.stringify(point?.[key]) !== JSON.stringify(value),
        );
        if (wrong !== undefined) return `metric ${name}: ${wrong[0]} is ${JSON.stringify(point?.[wrong[0]])}`;
      }
      return undefined;
    },
  };
}
