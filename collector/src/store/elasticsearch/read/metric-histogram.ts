import type { SeriesPoint } from './metric-fold.js';

/** Counts by upper bound, whatever kind of histogram they came from. Infinity is the last bound of explicit ones. */
export interface Histogram {
  count: number;
  sum: number;
  /** Upper bound → where the bucket begins and how many fell into it. */
  buckets: Map<number, { from: number; count: number }>;
  /** Of summaries, which have no buckets: value by quantile. */
  quantiles: Map<number, number>;
}

export function histogramOf({ kind, point }: SeriesPoint): Histogram {
  const histogram: Histogram = {
    count: point.count ?? 0,
    sum: point.value ?? 0,
    buckets: new Map(),
    quantiles: new Map(),
  };
  const counts = point.counts ?? [];
  const bounds = point.bounds ?? [];
  if (kind === 'summary') {
    bounds.forEach((quantile, place) => {
      const value = counts[place];
      if (quantile !== null && value != null) histogram.quantiles.set(quantile, value);
    });
    return histogram;
  }
  if (kind === 'histogram') {
    counts.forEach((count, place) => {
      const to = bounds[place] ?? Number.POSITIVE_INFINITY;
      const from = bounds[place - 1] ?? Math.min(0, to);
      add(histogram, from, to, count ?? 0);
    });
    return histogram;
  }
  const base = 2 ** (2 ** -(point.scale ?? 0));
  add(histogram, 0, 0, point.zero ?? 0);
  counts.forEach((count, place) => {
    const index = (point.positive_offset ?? 0) + place;
    add(histogram, base ** index, base ** (index + 1), count ?? 0);
  });
  (point.negative_counts ?? []).forEach((count, place) => {
    const index = (point.negative_offset ?? 0) + place;
    add(histogram, -(base ** (index + 1)), -(base ** index), count ?? 0);
  });
  return histogram;
}

function add(histogram: Histogram, from: number, to: number, count: number): void {
  if (count === 0) return;
  const known = histogram.buckets.get(to);
  histogram.buckets.set(to, { from, count: (known?.count ?? 0) + count });
}

/** What came between two points of a cumulative series; everything when it was reset in between. */
export function histogramIncrease(now: Histogram, before: Histogram): Histogram {
  if (now.count < before.count) return now;
  const increase: Histogram = {
    count: now.count - before.count,
    sum: now.sum - before.sum,
    buckets: new Map(),
    quantiles: now.quantiles,
  };
  for (const [to, { from, count }] of now.buckets) {
    add(increase, from, to, Math.max(0, count - (before.buckets.get(to)?.count ?? 0)));
  }
  return increase;
}

export function mergeHistogram(into: Histogram, from: Histogram): Histogram {
  const merged: Histogram = {
    count: into.count + from.count,
    sum: into.sum + from.sum,
    buckets: new Map(into.buckets),
    quantiles: new Map([...into.quantiles, ...from.quantiles]),
  };
  for (const [to, bucket] of from.buckets) add(merged, bucket.from, to, bucket.count);
  return merged;
}

/** Linear within a bucket, as Prometheus does it; beyond the last bound it is the last bound. */
export function histogramQuantile(histogram: Histogram, q: number): number | null {
  if (histogram.quantiles.size > 0) return nearestQuantile(histogram.quantiles, q);
  const buckets = [...histogram.buckets].toSorted(([a], [b]) => a - b);
  const total = buckets.reduce((sum, [, { count }]) => sum + count, 0);
  if (total === 0) return null;
  let seen = 0;
  for (const [to, { from, count }] of buckets) {
    if (seen + count >= q * total) {
      if (!Number.isFinite(to)) return from;
      return from + (to - from) * Math.max(0, (q * total - seen) / count);
    }
    seen += count;
  }
  return buckets.at(-1)?.[0] ?? null;
}

function nearestQuantile(quantiles: Map<number, number>, q: number): number | null {
  const nearest = [...quantiles].toSorted(([a], [b]) => Math.abs(a - q) - Math.abs(b - q))[0];
  return nearest?.[1] ?? null;
}
