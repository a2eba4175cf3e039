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

/** Says of a point that it stands for every series beyond its sender's cap. */
const OVERFLOW = 'otel.metric.overflow';
/** What the resource tells stands on a series of overflow, too; its own attributes do not. */
const OF_RESOURCE = new Set(['service', 'service.instance.id', 'environment']);
const MOST_KEYS = 3;

/**
 * What to ask for a chart by `by`: of a capped metric the overflow is kept apart from series that lack the attribute
 * because nobody gave it.
 */
export function groupedBy(by: readonly string[], metric: Pick<MetricInfo, 'capped'>): string[] {
  const isApart = metric.capped.length > 0 && by.length < MOST_KEYS && by.some((name) => !OF_RESOURCE.has(name));
  return isApart && !by.includes(OVERFLOW) ? [...by, OVERFLOW] : [...by];
}

export interface NamedSeries {
  name: string;
  /** Whether all of it, or some of it, is what came beyond the cap. */
  overflow: 'none' | 'part' | 'whole';
}

/** How a series is called by its values of what it is grouped by. */
export function namedSeries(
  key: readonly (string | null)[],
  groupBy: readonly string[],
  metric: Pick<MetricInfo, 'name' | 'capped'>,
): NamedSeries {
  const at = groupBy.indexOf(OVERFLOW);
  const rest = key.filter((_, index) => index !== at);
  if (at >= 0 && key[at] === 'true') {
    const known = rest.filter((value) => value !== null);
    return { name: ['overflow', ...known].join(', '), overflow: 'whole' };
  }
  const name = rest.length === 0 ? metric.name : rest.map((value) => value ?? 'none').join(', ');
  if (at >= 0 || metric.capped.length === 0) return { name, overflow: 'none' };
  const service = groupBy.indexOf('service');
  const isPart = service < 0 || metric.capped.includes(key[service] ?? '');
  return { name, overflow: isPart ? 'part' : 'none' };
}
