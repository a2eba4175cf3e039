import { expect, it } from 'vitest';
import { retryAfterMs, retryDelayMs } from './retry-delay.js';

it('grows to thirty seconds and is never less than half of its ceiling', () => {
  expect([1, 2, 3, 6, 20].map((attempt) => retryDelayMs(attempt, undefined, () => 1))).toEqual([
    1000, 2000, 4000, 30_000, 30_000,
  ]);
  expect([1, 2, 3, 6].map((attempt) => retryDelayMs(attempt, undefined, () => 0))).toEqual([500, 1000, 2000, 15_000]);
});

it('waits at least as long as the server asked, within reason', () => {
  expect(retryDelayMs(1, 7000, () => 0)).toBe(7000);
  expect(retryDelayMs(1, 1e9, () => 0)).toBe(300_000);
});

it('reads Retry-After as seconds or a date', () => {
  expect(retryAfterMs('3', 0)).toBe(3000);
  expect(retryAfterMs('Thu, 01 Jan 1970 00:00:09 GMT', 4000)).toBe(5000);
  expect(retryAfterMs('soon', 0)).toBeUndefined();
});
