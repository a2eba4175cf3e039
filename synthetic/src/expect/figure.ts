import type { AggregateQuery, MetricQuery } from '@orrery/collector/api';
import type { ExpectationCheck } from '../check/check.js';
import type { Measure } from '../check/expectation.js';
import type { CollectorClient } from '../report/collector-client.js';

/** The window a figure is taken over, in Unix milliseconds; `to` is exclusive. */
export interface Window {
  readonly from_ms: number;
  readonly to_ms: number;
}

/** Null when there was nothing to compute it from. */
export interface Figure {
  readonly value: number | null;
  readonly sampled: boolean;
}

type Asker = Pick<CollectorClient, 'query' | 'metricQuery'>;

export function windowOf(check: ExpectationCheck, now: number): Window {
  const to_ms = now - check.measure.delay;
  return { from_ms: to_ms - check.measure.over, to_ms };
}

/** The figure of an expectation, divided by the second one when it is a ratio. */
export async function takeFigure(
  check: ExpectationCheck,
  window: Window,
  collector: Asker,
  signal: AbortSignal,
): Promise<Figure> {
  const { measure, environment } = check;
  const ask = (one: Measure) =>
    one.signal === 'metrics'
      ? metricFigure(one, environment, window, collector, signal)
      : aggregateFigure(one, environment, window, collector, signal);
  if (!measure.ratio_to) return ask(measure);
  const [part, whole] = await Promise.all([ask(measure), ask(measure.ratio_to)]);
  const value = part.value === null || !whole.value ? null : part.value / whole.value;
  return { value, sampled: part.sampled || whole.sampled };
}

async function aggregateFigure(
  measure: Measure,
  environment: string,
  window: Window,
  collector: Asker,
  signal: AbortSignal,
): Promise<Figure> {
  const result = await collector.query(
    {
      ...rangeOf(window),
      signal: measure.signal as AggregateQuery['signal'],
      q: measure.q,
      environment,
      synthetic: measure.synthetic,
      measures: [
        {
          op: measure.op,
          ...(measure.field === undefined ? {} : { field: measure.field }),
          ...(measure.quantile === undefined ? {} : { quantile: measure.quantile }),
        },
      ],
    },
    signal,
  );
  const value = result.groups[0]?.values[0] ?? null;
  // A count of nothing is a figure; an average of nothing is none.
  const counts = measure.op === 'count' || measure.op === 'rate' || measure.op === 'distinct';
  return { value: value ?? (counts ? 0 : null), sampled: result.sampled };
}

async function metricFigure(
  measure: Measure,
  environment: string,
  window: Window,
  collector: Asker,
  signal: AbortSignal,
): Promise<Figure> {
  const result = await collector.metricQuery(
    {
      ...rangeOf(window),
      name: measure.field ?? '',
      q: measure.q,
      environment,
      aggregate: metricAggregate(measure),
      step_ms: Math.max(1000, window.to_ms - window.from_ms),
    },
    signal,
  );
  const points = result.series.flatMap((series) => series.points).filter((point) => point !== null);
  return { value: points.length === 0 ? null : combine(measure.op, points), sampled: result.sampled };
}

function metricAggregate(measure: Measure): MetricQuery['aggregate'] {
  switch (measure.op) {
    case 'count':
      return 'increase';
    case 'quantile':
      return `p${Math.round((measure.quantile ?? 0.5) * 100)}` as MetricQuery['aggregate'];
    case 'distinct':
      return 'last';
    default:
      return measure.op;
  }
}

/** A window that does not fall on a step's border comes as two points. */
function combine(op: Measure['op'], points: readonly number[]): number {
  const sum = points.reduce((total, point) => total + point, 0);
  if (op === 'sum' || op === 'count') return sum;
  if (op === 'min') return Math.min(...points);
  if (op === 'max' || op === 'quantile') return Math.max(...points);
  return sum / points.length;
}

function rangeOf(window: Window): { from: string; to: string } {
  return { from: String(window.from_ms), to: String(window.to_ms) };
}
