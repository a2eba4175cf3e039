import { describe, expect, it } from 'vitest';
import { ReceivedAge } from './received-age.js';

const NOW_MS = Date.UTC(2026, 4, 5);
const HOUR_MS = 3_600_000;

describe('the age of a record', () => {
  it('is right for what was received before and after the wall clock was set, back or ahead', () => {
    for (const setMs of [-HOUR_MS, 24 * HOUR_MS]) {
      let steadyMs = 7000;
      const age = new ReceivedAge(NOW_MS, () => steadyMs);
      steadyMs += 300;
      expect(age.of(NOW_MS, NOW_MS + 300)).toBe(300);
      steadyMs += 200;
      expect(age.of(NOW_MS + 300, NOW_MS + 500 + setMs)).toBe(200);
      steadyMs += 100;
      expect(age.of(NOW_MS + 500 + setMs, NOW_MS + 600 + setMs)).toBe(100);
      steadyMs += 100;
      expect(age.of(NOW_MS + 600 + setMs, NOW_MS + 700), 'set right again').toBe(100);
    }
  });

  it('is right in every write of records from before the clock was set, not in the first alone', () => {
    for (const setMs of [-HOUR_MS, 24 * HOUR_MS]) {
      let steadyMs = 7000;
      const age = new ReceivedAge(NOW_MS, () => steadyMs);
      steadyMs += 300;
      expect(age.of(NOW_MS + 100, NOW_MS + 300 + setMs)).toBe(200);
      steadyMs += 100;
      expect(age.of(NOW_MS + 150, NOW_MS + 400 + setMs)).toBe(250);
      steadyMs += 100;
      expect(age.of(NOW_MS + 450 + setMs, NOW_MS + 500), 'set right again').toBe(50);
      steadyMs += 100;
      expect(age.of(NOW_MS + 450 + setMs, NOW_MS + 600), 'and once more').toBe(150);
    }
  });

  it('is by the present clock once it has stood for a while', () => {
    let steadyMs = 0;
    const age = new ReceivedAge(NOW_MS, () => steadyMs);
    steadyMs += 1000;
    age.of(NOW_MS, NOW_MS + 1000 + HOUR_MS);
    steadyMs += 60_000;
    expect(age.of(NOW_MS, NOW_MS + 61_000 + HOUR_MS)).toBe(61_000 + HOUR_MS);
  });

  it('is none when the record seems to be of the future', () => {
    const age = new ReceivedAge(NOW_MS, () => 0);
    expect(age.of(NOW_MS + 5, NOW_MS)).toBe(0);
    expect(age.of(NOW_MS + HOUR_MS, NOW_MS)).toBe(0);
  });
});
