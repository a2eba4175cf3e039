import { textAt } from '../decode/text.js';
import type { MetricColumns } from '../telemetry/metric-columns.js';
import { BREAKER_METRICS, breakerFactOfPoint } from './breaker/breaker-facts.js';
import { emptyProjection } from './empty-projection.js';
import type { Projection } from './projection.js';
import { resourceFacts, senderFacts } from './resource-facts.js';

/** What one request's metric points say beyond their rows: the state of breakers, and who sent them. */
export function projectMetrics(columns: MetricColumns, receivedNano: bigint): Projection {
  const projection = emptyProjection();
  const { bytes, metrics, points } = columns;
  const resources = resourceFacts(columns);
  const names = Array.from({ length: metrics.count }, (_, i) =>
    textAt(bytes, metrics.name.offset[i] as number, metrics.name.length[i] as number),
  );
  const told = names.map((name) => BREAKER_METRICS.includes(name));
  for (let row = 0; row < points.count; row++) {
    const metric = points.metric[row] as number;
    if (!told[metric]) continue;
    const self = resources[metrics.resource[metric] as number];
    const fact = self && breakerFactOfPoint(columns, row, names[metric] as string, self);
    if (fact) projection.breakers.push(fact);
  }
  projection.senders = senderFacts(resources, receivedNano);
  return projection;
}
