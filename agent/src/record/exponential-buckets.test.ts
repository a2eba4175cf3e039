import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ExponentialBuckets } from './exponential-buckets.js';

function bucketsOf(values: readonly number[]): { from: number; to: number; count: number }[] {
  const buckets = new ExponentialBuckets();
  for (const value of values) buckets.record(value);
  const bound = (index: number): number => 2 ** (index * 2 ** -buckets.scale);
  return Array.from({ length: buckets.size }, (_, at) => ({
    from: bound(buckets.offset + at),
    to: bound(buckets.offset + at + 1),
    count: buckets.countAt(at),
  }));
}

it('counts every value in the bucket it lies in, in whatever order they come', () => {
  const measured = fc.array(fc.double({ min: 1e-9, max: 1e12, noNaN: true }), { minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(measured, (values) => {
      const buckets = bucketsOf(values);
      expect(buckets.length).toBeLessThanOrEqual(160);
      for (const { from, to, count } of buckets) {
        // Values at a bound may fall on either side of it by rounding.
        const inside = values.filter((value) => value > from * (1 + 1e-9) && value < to * (1 - 1e-9)).length;
        const around = values.filter((value) => value >= from * (1 - 1e-9) && value <= to * (1 + 1e-9)).length;
        expect(count).toBeGreaterThanOrEqual(inside);
        expect(count).toBeLessThanOrEqual(around);
      }
      expect(buckets.reduce((sum, { count }) => sum + count, 0)).toBe(values.length);
    }),
  );
});

it('puts a power of two into the bucket it closes', () => {
  const [bucket] = bucketsOf([8]);
  expect(bucket?.to).toBeCloseTo(8, 10);
});

it('tells milliseconds from seconds within a few per cent', () => {
  for (const { from, to } of bucketsOf([0.001, 0.25, 10])) expect(to / from).toBeLessThan(1.1);
});

it('begins anew, as fine as can be, when it was cleared', () => {
  const buckets = new ExponentialBuckets();
  for (const value of [0, 1e-6, 1e6]) buckets.record(value);
  buckets.clear();
  buckets.record(3);
  expect(buckets).toMatchObject({ scale: 20, size: 1, zeroCount: 0 });
});
