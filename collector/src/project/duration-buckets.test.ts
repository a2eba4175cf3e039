import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDuration, mergeBuckets, quantileMs } from './duration-buckets.js';
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
