import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDuration, mergeBuckets, middleOf, quantileMs, quantilesMs } from './duration-buckets.js';
import type { DurationBuckets } from './projection.js';

function exactQuantile(values: number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? 0;
}

test('a quantile is at most 4.5 % off', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 2, max: 1e12 }), { minLength: 1, maxLength: 300 }),
      fc.constantFrom(0.5, 0.9, 0.95, 0.99),
      (durations, q) => {
        const buckets: DurationBuckets = new Map();
        for (const duration of durations) addDuration(buckets, duration);
        const exact = exactQuantile(durations, q) / 1e6;
        expect(Math.abs((quantileMs(buckets, q) ?? 0) - exact) / exact).toBeLessThan(0.045);
      },
    ),
  );
});

test('quantiles of one histogram are what each is by itself, whatever was counted for nothing', () => {
  const counts = fc.array(fc.tuple(fc.integer({ min: -1, max: 500 }), fc.integer({ min: -2, max: 9 })));
  fc.assert(
    fc.property(counts, (given) => {
      const buckets: DurationBuckets = new Map(given);
      const values =
        given.length === 0 ? [] : [...buckets].flatMap(([bucket, n]) => Array(Math.max(0, n)).fill(bucket));
      values.sort((a, b) => a - b);
      const wanted = [0, 0.5, 0.95, 0.99, 1] as const;
      const nearest = wanted.map((q) => values[Math.max(0, Math.ceil(q * values.length) - 1)]);
      const expected = nearest.map((bucket) => (bucket === undefined ? null : middleOf(bucket) / 1e6));
      expect(quantilesMs(buckets, wanted)).toEqual(expected);
      expect(quantilesMs(buckets, wanted)).toEqual(wanted.map((q) => quantileMs(buckets, q)));
    }),
  );
});

test('merged histograms answer like one histogram of everything', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 1e10 })), fc.array(fc.integer({ min: 0, max: 1e10 })), (a, b) => {
      const whole: DurationBuckets = new Map();
      const left: DurationBuckets = new Map();
      const right: DurationBuckets = new Map();
      for (const nanos of a) addDuration(left, nanos);
      for (const nanos of b) addDuration(right, nanos);
      for (const nanos of [...a, ...b]) addDuration(whole, nanos);
      expect(quantileMs(mergeBuckets(left, right), 0.9)).toEqual(quantileMs(whole, 0.9));
    }),
  );
});

test('no calls have no quantile, and a clock that ran backwards does not break one', () => {
  expect(quantileMs(new Map(), 0.5)).toBeNull();
  const buckets: DurationBuckets = new Map();
  addDuration(buckets, -5);
  addDuration(buckets, Number.NaN);
  expect(quantileMs(buckets, 0.5)).toBeCloseTo(0, 5);
});
