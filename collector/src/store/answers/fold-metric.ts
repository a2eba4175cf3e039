import type { MetricAggregate } from '../../api/contract/index.js';
import { quantileOfHistogram } from './histogram-quantile.js';
import type { StepGrid } from './time-steps.js';

/** One point of one series. */
export interface MetricPoint {
  series: string;
  timeMs: number;
  startNano: bigint;
  value: number;
  /** Histograms and summaries: how many measurements; `value` is their sum then. */
  observations: number;
  cumulative: boolean;
  isHistogram: boolean;
  counts: number[];
  /** Upper bounds of `counts`, one fewer. */
  bounds: number[];
}

interface Increase {
  timeMs: number;
  value: number;
  observations: number;
  counts: number[];
  bounds: number[];
}

/**
 * One line of a chart from the points of its series.
 * `avg` is the mean of the points, `sum` adds the series' means, `last` is the newest point; of histograms these are
 * about what was measured. `increase` adds what counters grew by, a reset counting from zero; `rate` is that per
 * second; of a histogram, of its count of measurements.
 * @param points of any number of series, each in order of time; those before the grid serve as predecessors only
 */
export function foldMetric(
  points: readonly MetricPoint[],
  aggregate: MetricAggregate,
  grid: StepGrid,
): (number | null)[] {
  const line = Array.from<number | null>({ length: grid.points }).fill(null);
  const series = new Map<string, MetricPoint[]>();
  for (const point of points) {
    const known = series.get(point.series);
    if (known) known.push(point);
    else series.set(point.series, [point]);
  }
  const isHistogram = points[0]?.isHistogram ?? false;
  const needsIncrease = isHistogram || aggregate === 'rate' || aggregate === 'increase' || aggregate.startsWith('p');
  if (!needsIncrease) return foldValues(series, aggregate, grid, line);
  const steps = new Map<number, Increase[]>();
  for (const members of series.values()) {
    for (const increase of increasesOf(members, grid.t0_ms)) {
      const step = Math.floor((increase.timeMs - grid.t0_ms) / grid.step_ms);
      if (step < 0 || step >= grid.points) continue;
      const known = steps.get(step);
      if (known) known.push(increase);
      else steps.set(step, [increase]);
    }
  }
  for (const [step, increases] of steps)
    line[step] = ofIncreases(increases, aggregate, isHistogram, grid.step_ms / 1000);
  return line;
}

function foldValues(
  series: Map<string, MetricPoint[]>,
  aggregate: MetricAggregate,
  grid: StepGrid,
  line: (number | null)[],
): (number | null)[] {
  const steps = new Map<number, { series: string; timeMs: number; value: number }[]>();
  for (const members of series.values()) {
    for (const point of members) {
      const step = Math.floor((point.timeMs - grid.t0_ms) / grid.step_ms);
      if (step < 0 || step >= grid.points || Number.isNaN(point.value)) continue;
      const known = steps.get(step);
      if (known) known.push(point);
      else steps.set(step, [point]);
    }
  }
  for (const [step, points] of steps) {
    const values = points.map((point) => point.value);
    if (aggregate === 'min') line[step] = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
    else if (aggregate === 'max') line[step] = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    else if (aggregate === 'avg') line[step] = mean(values);
    else if (aggregate === 'last') line[step] = points.reduce((a, b) => (b.timeMs >= a.timeMs ? b : a)).value;
    else {
      const bySeries = new Map<string, number[]>();
      for (const point of points) bySeries.set(point.series, [...(bySeries.get(point.series) ?? []), point.value]);
      line[step] = [...bySeries.values()].reduce((sum, own) => sum + mean(own), 0);
    }
  }
  return line;
}

/** What each point added to the one before it. */
function increasesOf(points: readonly MetricPoint[], fromMs: number): Increase[] {
  const increases: Increase[] = [];
  let previous: MetricPoint | null = null;
  for (const point of points) {
    if (Number.isNaN(point.value) && !point.isHistogram) continue;
    if (!point.cumulative) increases.push(point);
    else if (previous === null) {
      // The first point of a counter that began within the range grew from zero; of an older one nothing is known.
      if (Number(point.startNano / 1_000_000n) >= fromMs) increases.push(point);
    } else increases.push(difference(point, previous));
    previous = point;
  }
  return increases;
}

function difference(point: MetricPoint, previous: MetricPoint): Increase {
  const size = (of: MetricPoint) => (of.isHistogram ? of.observations : of.value);
  // A counter that went down, or says it began anew, started from zero.
  if (size(point) < size(previous) || point.startNano > previous.startNano) return point;
  return {
    timeMs: point.timeMs,
    value: point.value - previous.value,
    observations: point.observations - previous.observations,
    counts: countsSince(point, previous),
    bounds: point.bounds,
  };
}

/**
 * Counts of a histogram without those it had before. An exponential histogram has other bounds as soon as its range
 * grows: each of its former buckets lies within one of the present ones.
 */
function countsSince(point: MetricPoint, previous: MetricPoint): number[] {
  const counts = [...point.counts];
  let at = 0;
  previous.counts.forEach((count, index) => {
    const bound = previous.bounds[index] ?? Number.POSITIVE_INFINITY;
    // The same bound, calculated at two scales, differs in its last digits.
    while (at < counts.length - 1 && (point.bounds[at] ?? bound) < bound * (1 - 1e-9)) at++;
    counts[at] = Math.max(0, (counts[at] ?? 0) - count);
  });
  return counts;
}

function ofIncreases(
  increases: readonly Increase[],
  aggregate: MetricAggregate,
  isHistogram: boolean,
  seconds: number,
): number | null {
  const value = increases.reduce((sum, increase) => sum + increase.value, 0);
  const observations = increases.reduce((sum, increase) => sum + increase.observations, 0);
  const grown = isHistogram ? observations : value;
  if (aggregate === 'increase') return grown;
  if (aggregate === 'rate') return grown / seconds;
  if (aggregate === 'sum') return value;
  if (aggregate === 'avg') return observations > 0 ? value / observations : null;
  const q = aggregate.startsWith('p') ? Number(aggregate.slice(1)) / 100 : aggregate === 'min' ? 0 : 1;
  return quantileOfHistogram(increases, q);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
