import type { MetricInfo, MetricQuery } from '@orrery/collector/api';

type Aggregate = MetricQuery['aggregate'];

/** What makes sense for a kind, the usual first. */
export function aggregatesOf(metric: MetricInfo): readonly Aggregate[] {
  switch (metric.kind) {
    case 'histogram':
    case 'exponential_histogram':
      return ['p95', 'p50', 'p90', 'p99', 'avg', 'rate', 'increase', 'sum'];
    case 'summary':
      return ['p95', 'p50', 'p99', 'avg', 'rate'];
    case 'sum':
      return metric.monotonic ? ['rate', 'increase', 'sum'] : ['avg', 'sum', 'last', 'min', 'max'];
    default:
      return ['avg', 'max', 'min', 'sum', 'last'];
  }
}

/** The unit of the answer's figures: a rate counts per second. */
export function unitOf(unit: string, aggregate: Aggregate, kind: MetricInfo['kind']): string {
  const counted = kind === 'histogram' || kind === 'exponential_histogram' || kind === 'summary' ? '' : unit;
  if (aggregate === 'rate') return `${counted === '1' ? '' : counted}/s`;
  return aggregate === 'increase' ? counted : unit;
}

/** The name of a series: its values of what it is grouped by. */
export function keyText(key: readonly (string | null)[], name: string): string {
  return key.length === 0 ? name : key.map((value) => value ?? 'none').join(', ');
}
