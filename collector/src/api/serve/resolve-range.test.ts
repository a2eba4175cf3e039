import { expect, it } from 'vitest';
import { instantMs, resolveRange } from './resolve-range.js';

const now = Date.parse('2026-06-01T12:00:00Z');

it('understands relative, ISO and millisecond instants', () => {
  expect(instantMs('now', now)).toBe(now);
  expect(instantMs('now-15m', now)).toBe(now - 900_000);
  expect(instantMs('now+1w', now)).toBe(now + 604_800_000);
  expect(instantMs('2026-06-01T10:00:00.5+02:00', now)).toBe(Date.parse('2026-06-01T08:00:00.500Z'));
  expect(instantMs('2026-06-01', now)).toBe(Date.parse('2026-06-01T00:00:00Z'));
  expect(instantMs('1780000000000', now)).toBe(1_780_000_000_000);
});

it('refuses what names no instant, or one that no store can hold', () => {
  for (const text of [
    '',
    'yesterday',
    '-5',
    '1e3',
    'now-',
    'now-999999999w',
    '999999999999999',
    '2026-06-01T10:00:00',
    '2026-13-01',
  ])
    expect(instantMs(text, now)).toBeNull();
});

it('refuses a range that ends before it begins', () => {
  expect(resolveRange({ from: 'now-1h', to: 'now' }, now)).toEqual({ from_ms: now - 3_600_000, to_ms: now });
  expect(() => resolveRange({ from: 'now', to: 'now' }, now)).toThrow(/later than from/);
});
