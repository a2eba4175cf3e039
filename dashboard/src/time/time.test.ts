import { expect, test } from 'vitest';
import { durationText } from './duration-text.js';
import { agoText, msOfNano, ticksOf } from './instant-text.js';
import { resolveRange, shift, widen } from './range.js';

test('says durations in three digits and one unit', () => {
  expect([0.87, 34.54, 1_204, 59_960, 125_000, 7_500_000].map((ms) => durationText(ms))).toEqual([
    '870 µs',
    '34.5 ms',
    '1.2 s',
    '1 min',
    '2 min 5 s',
    '2 h 5 min',
  ]);
  expect(durationText(null)).toBe('–');
});

test('resolves relative and absolute bounds, and nonsense to the default', () => {
  expect(resolveRange({ from: 'now-1h', to: 'now' }, 3_600_000)).toEqual({ fromMs: 0, toMs: 3_600_000 });
  expect(resolveRange({ from: '1700000000000', to: '1700000060000' }, 0).toMs).toBe(1_700_000_060_000);
  expect(resolveRange({ from: 'soon', to: 'later' }, 900_000)).toEqual({ fromMs: 0, toMs: 900_000 });
});

test('shifts by its own length and widens to the next preset while it moves', () => {
  expect(shift({ from: '1700000000000', to: '1700000060000' }, -1, 0)).toEqual({
    from: '1699999940000',
    to: '1700000000000',
  });
  expect(widen({ from: 'now-15m', to: 'now' }, Date.now())).toEqual({ from: 'now-30m', to: 'now' });
});

test('reads nanoseconds as milliseconds and says how long ago', () => {
  expect(msOfNano('1700000000123456789')).toBeCloseTo(1_700_000_000_123.456_8, 3);
  expect(agoText(0, 190_000)).toBe('3 min ago');
  expect(agoText(20_000, 0)).toBe('in 20 s');
});

test('puts ticks on round instants within the range', () => {
  const { at, stepMs } = ticksOf(1_700_000_000_000, 1_700_000_900_000, 8);
  expect(stepMs).toBe(120_000);
  expect(at.length).toBeLessThanOrEqual(8);
});
