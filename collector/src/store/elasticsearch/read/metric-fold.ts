import type { MetricAggregate, MetricKind, MetricSeries, ResolvedRange } from '../../../api/contract/index.js';
import type { StoredPoint } from '../metric-point.js';
import {
  type Histogram,
  histogramIncrease,
  histogramOf,
  histogramQuantile,
  mergeHistogram,
} from './metric-histogram.js';
import { type StepGrid, stepOf } from './steps.js';

export interface SeriesPoint {
  /** Equal for points of one series. */
  series: string;
  group: (string | null)[];
  timeNano: bigint;
  kind: MetricKind;
  temporality: 'unspecified' | 'delta' | 'cumulative';
  monotonic: boolean;
  point: StoredPoint;
}

/** What fell into one step of one group. */
interface Cell {
  sum: number;
  count: number;
  min: number;
  max: number;
  increase: number;
  known: boolean;
  /** Last value of each series. */
  last: Map<string, { at: bigint; value: number }>;
  histogram: Histogram | null;
}

/**
 * Points of one metric as series over steps. Counters count increases: a cumulative one by the difference to its point
 * before, or by its value after a reset; a delta one by its value. Values of histograms are their measurements:
 * `avg` is sum through count, `rate` and `increase` count measurements.
 */
export function foldMetric(
  points: SeriesPoint[],
  aggregate: MetricAggregate,
  grid: StepGrid,
  range: ResolvedRange,
  limit: number,
): { series: MetricSeries[]; truncated: boolean } {
  const groups = new Map<string, { key: (string | null)[]; cells: Map<number, Cell> }>();
  const before = new Map<string, SeriesPoint>();
  const inOrder = points.toSorted((a, b) => (a.timeNano < b.timeNano ? -1 : a.timeNano > b.timeNano ? 1 : 0));
  for (const point of inOrder) {
    const previous = before.get(point.series);
    before.set(point.series, point);
    const ms = Number(point.timeNano / 1_000_000n);
    if (ms < range.from_ms || ms >= range.to_ms) continue;
    const id = JSON.stringify(point.group);
    const group = groups.get(id) ?? { key: point.group, cells: new Map<number, Cell>() };
    groups.set(id, group);
    const step = stepOf(grid, ms);
    const cell = group.cells.get(step) ?? emptyCell();
    group.cells.set(step, cell);
    addPoint(cell, point, previous);
  }
  const series = [...groups.values()].map(({ key, cells }) => ({
    key,
    points: Array.from({ length: grid.count }, (_, step) => {
      const cell = cells.get(step);
      return cell ? valueOf(cell, aggregate, grid.step_ms / 1000) : null;
    }),
  }));
  const size = ({ points: values }: MetricSeries) =>
    values.reduce<number>((sum, value) => sum + Math.abs(value ?? 0), 0);
  series.sort((a, b) => size(b) - size(a));
  return { series: series.slice(0, limit), truncated: series.length > limit };
}

function emptyCell(): Cell {
  return {
    sum: 0,
    count: 0,
    min: Number.POSITIVE_INFINITY,
    max: Number.NEGATIVE_INFINITY,
    increase: 0,
    known: false,
    last: new Map(),
    histogram: null,
  };
}

function addPoint(cell: Cell, point: SeriesPoint, previous: SeriesPoint | undefined): void {
  const { value } = point.point;
  if (point.kind === 'gauge' || point.kind === 'sum') {
    if (value === null) return;
    cell.sum += value;
    cell.count++;
    cell.min = Math.min(cell.min, value);
    cell.max = Math.max(cell.max, value);
    cell.last.set(point.series, { at: point.timeNano, value });
    const increase = increaseOf(point, value, previous?.point.value ?? null);
    if (increase !== null) {
      cell.increase += increase;
      cell.known = true;
    }
    return;
  }
  const now = histogramOf(point);
  const increase =
    point.temporality === 'delta' ? now : previous ? histogramIncrease(now, histogramOf(previous)) : null;
  if (point.point.min != null) cell.min = Math.min(cell.min, point.point.min);
  if (point.point.max != null) cell.max = Math.max(cell.max, point.point.max);
  if (value !== null) cell.last.set(point.series, { at: point.timeNano, value });
  if (increase === null) return;
  cell.known = true;
  cell.increase += increase.count;
  cell.sum += increase.sum;
  cell.count += increase.count;
  cell.histogram = cell.histogram ? mergeHistogram(cell.histogram, increase) : increase;
}

function increaseOf(point: SeriesPoint, value: number, previous: number | null): number | null {
  if (point.temporality === 'delta') return value;
  if (previous === null) return null;
  // What falls was reset: all that it counts came since.
  return value >= previous ? value - previous : point.kind === 'gauge' ? null : value;
}

function valueOf(cell: Cell, aggregate: MetricAggregate, seconds: number): number | null {
  switch (aggregate) {
    case 'avg':
      return cell.count > 0 ? cell.sum / cell.count : null;
    case 'sum':
      return cell.histogram
        ? cell.sum
        : lastValues(cell).reduce<number | null>((sum, { value }) => (sum ?? 0) + value, null);
    case 'min':
      return Number.isFinite(cell.min) ? cell.min : null;
    case 'max':
      return Number.isFinite(cell.max) ? cell.max : null;
    case 'last': {
      const latest = lastValues(cell).toSorted((a, b) => (a.at < b.at ? 1 : -1))[0];
      return latest?.value ?? null;
    }
    case 'increase':
      return cell.known ? cell.increase : null;
    case 'rate':
      return cell.known ? cell.increase / seconds : null;
    default:
      return cell.histogram ? histogramQuantile(cell.histogram, Number(aggregate.slice(1)) / 100) : null;
  }
}

function lastValues(cell: Cell): { at: bigint; value: number }[] {
  return [...cell.last.values()];
}
