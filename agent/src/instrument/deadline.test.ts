import { expect, it } from 'vitest';
import { remainingOf } from './deadline.js';

const NOW = Date.parse('2026-01-02T03:04:05.000Z');

it.each([
  [String(NOW + 1500), 1500],
  [String(NOW - 20), -20],
  ['2026-01-02T03:04:06.250Z', 1250],
  ['2026-01-02T05:04:06+02:00', 1000],
])('takes %s as the moment until which the caller waits', (header, remaining) => {
  expect(remainingOf(header, NOW)).toBe(remaining);
});

it.each([
  '',
  '5000',
  'soon',
  '1e13',
  '2026-01-02',
  `${NOW}0`,
  String(NOW + 90_000_000),
  '9'.repeat(9999),
  '2026-13-45T99:00:00Z',
])('makes nothing of %.30s', (header) => {
  expect(remainingOf(header, NOW)).toBeUndefined();
});
