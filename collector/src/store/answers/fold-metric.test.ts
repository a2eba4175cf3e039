import { expect, it } from 'vitest';
import { foldMetric, type MetricPoint } from './fold-metric.js';

const GRID = { t0_ms: 0, step_ms: 10_000, points: 3 };

/** A cumulative exponential histogram as a store reads it. */
function exponential(
  timeMs: number,
  scale: number,
  offset: number,
  counts: readonly number[],
  sum: number,
): MetricPoint {
  return {
    series: 'one',
    timeMs,
    startNano: 1n,
    value: sum,
    observations: counts.reduce((total, count) => total + count, 0),
    cumulative: true,
    isHistogram: true,
    counts: [0, 0, ...counts],
    bounds: [0, ...Array.from({ length: counts.length + 1 }, (_, at) => 2 ** ((offset + at) * 2 ** -scale))],
  };
}

it('counts what an exponential histogram gained while its scale halved and its range grew', () => {
  const points = [
    exponential(1_000, 1, 2, [4, 2], 15),
    // Both former buckets, (2, 2.83] and (2.83, 4], are one now; 8 more were measured between 16 and 32.
    exponential(11_000, 0, 1, [6, 0, 0, 8], 175),
    exponential(21_000, 0, 1, [6, 0, 0, 8], 175),
  ];
  expect(foldMetric(points, 'increase', GRID)).toEqual([6, 8, 0]);
  const [, median] = foldMetric(points, 'p50', GRID);
  expect(median).toBeGreaterThan(16);
  expect(median).toBeLessThan(32);
});

it('looks for a quantile inside of the bucket, not between it and zero', () => {
  const [median] = foldMetric([exponential(1_000, 3, 80, [10], 10_240)], 'p50', GRID);
  expect(median).toBeGreaterThan(1024);
  expect(median).toBeLessThan(1024 * 2 ** (1 / 8));
});
