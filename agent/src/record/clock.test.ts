import { performance } from 'node:perf_hooks';
import { expect, it } from 'vitest';
import { Clock, highOf, lowOf, nanosOf, nanosSince } from './clock.js';

const anchor = new Clock().anchor();

function epochNanos(nanos: number): bigint {
  return (BigInt(highOf(anchor, nanos)) << 32n) + BigInt(lowOf(anchor, nanos));
}

it('gives back to the nanosecond a time given as seconds and nanoseconds', () => {
  const seconds = Math.floor(anchor.epochMs / 1000) + 1000;
  expect(epochNanos(nanosOf([seconds, 123_456_789], anchor))).toBe(BigInt(seconds) * 1_000_000_000n + 123_456_789n);
  expect(epochNanos(nanosOf([seconds - 5000, 1], anchor))).toBe(BigInt(seconds - 5000) * 1_000_000_000n + 1n);
});

it('understands dates, milliseconds since 1970 and performance.now()', () => {
  const date = new Date(anchor.epochMs + 12_345);
  const expected = BigInt(anchor.epochMs + 12_345) * 1_000_000n;
  expect(epochNanos(nanosOf(date, anchor))).toBe(expected);
  expect(epochNanos(nanosOf(date.getTime(), anchor))).toBe(expected);
  expect(Math.abs(nanosOf(performance.now(), anchor) - nanosSince(anchor))).toBeLessThan(50_000_000);
});
