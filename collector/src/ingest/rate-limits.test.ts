import { expect, it } from 'vitest';
import { RateLimits } from './rate-limits.js';

it('lets ten seconds at once pass, then what the rate allows, and says when to come back', () => {
  const limits = new RateLimits(100, { important: 0 });
  limits.take('shop', 1000, 0);
  expect(() => limits.take('shop', 250, 0)).toThrow(
    expect.objectContaining({ code: 'rate_limited', status: 429, headers: { 'Retry-After': '3' } }) as Error,
  );
  limits.take('shop', 250, 2500);
  expect(() => limits.take('shop', 1, 2500)).toThrow(/allowed/);
  limits.take('other', 1000, 2500);
  for (let i = 0; i < 10; i++) limits.take('important', 1_000_000, 0);
});

it('lets a body that is larger than a bucket pass when the bucket is full, and makes its sender wait for it', () => {
  const limits = new RateLimits(10, {});
  limits.take('shop', 500, 0);
  expect(() => limits.take('shop', 1, 30_000)).toThrow(/allowed/);
  limits.take('shop', 1, 60_000);
});
