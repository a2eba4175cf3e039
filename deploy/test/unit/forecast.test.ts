import { expect, test } from 'vitest';
import { forecasts } from '../../demo/supervisor/forecast.mjs';
import { kinds } from '../../demo/supervisor/weather.mjs';

function first(count: number, seed: number) {
  const coming = forecasts(seed);
  return Array.from({ length: count }, () => coming.next().value);
}

test('brings every kind of weather within the first ten minutes, the first after a minute and a half', () => {
  const early = first(4, 1);
  expect(new Set(early.map(({ kind }) => kind))).toEqual(new Set(Object.keys(kinds)));
  expect(early[0]?.afterSeconds).toBe(90);
  expect(early.reduce((sum, { afterSeconds }) => sum + afterSeconds, 0)).toBeLessThan(600);
});

test('brings the same weather for the same seed, and other weather for another', () => {
  expect(first(50, 7)).toEqual(first(50, 7));
  expect(first(50, 7)).not.toEqual(first(50, 8));
});

test('leaves quiet minutes between', () => {
  for (const { afterSeconds, seconds } of first(200, 3).slice(4)) expect(afterSeconds).toBeGreaterThan(3 * seconds);
});
