import { describe, expect, it } from 'vitest';
import { Backlog } from './backlog.js';

const NOW_MS = Date.UTC(2026, 4, 5);
const HOUR_MS = 3_600_000;

/** A log that grows by ten a second, looked at each time. */
function grow(seconds: number, foundEnd = 0) {
  let steadyMs = 7000;
  const backlog = new Backlog(foundEnd, () => steadyMs);
  for (let second = 1; second <= seconds; second++) {
    steadyMs += 1000;
    backlog.reaches(foundEnd + second * 10);
  }
  return { backlog, pass: (ms: number) => (steadyMs += ms) };
}

describe('the backlog of the store', () => {
  it('has waited as long as the oldest record that is not stored', () => {
    const { backlog, pass } = grow(5);
    expect(backlog.waitedMs()).toBe(4000);
    backlog.stored(20, NOW_MS);
    expect(backlog.waitedMs(), 'the third is the oldest').toBe(2000);
    backlog.stored(45, NOW_MS);
    pass(300);
    expect(backlog.waitedMs(), 'a part of the fifth').toBe(300);
    backlog.stored(50, NOW_MS);
    expect(backlog.waitedMs()).toBe(0);
    pass(9000);
    backlog.reaches(50);
    expect(backlog.waitedMs(), 'nothing came').toBe(0);
  });

  it('has not when the wall clock was set, however often, and whatever the records say', () => {
    const { backlog } = grow(5);
    for (const setMs of [-HOUR_MS, 24 * HOUR_MS, -41 * HOUR_MS]) {
      backlog.stored(20, NOW_MS, NOW_MS + setMs);
      expect(backlog.waitedMs()).toBe(2000);
    }
  });

  it('is as old as the records say when it was there before the process, until that is stored', () => {
    const { backlog, pass } = grow(2, 1000);
    backlog.stored(300);
    expect(backlog.waitedMs(), 'nothing was read yet').toBe(2000);
    backlog.stored(400, NOW_MS - HOUR_MS, NOW_MS);
    pass(500);
    expect(backlog.waitedMs()).toBe(HOUR_MS + 500);
    backlog.stored(700, NOW_MS + HOUR_MS, NOW_MS);
    expect(backlog.waitedMs(), 'a record that seems to be of the future').toBe(0);
    backlog.stored(1000, NOW_MS - HOUR_MS, NOW_MS);
    expect(backlog.waitedMs(), 'what came since').toBe(1500);
  });

  it('is of what came since the start when all that was found is stored', () => {
    const { backlog } = grow(2, 1000);
    backlog.stored(1000);
    expect(backlog.waitedMs()).toBe(1000);
  });

  it('stays known to some seconds when it has grown for hours', () => {
    const { backlog } = grow(7200);
    expect(backlog.waitedMs()).toBeGreaterThan(7_190_000);
    backlog.stored(36_000, NOW_MS);
    expect(Math.abs(backlog.waitedMs() - HOUR_MS)).toBeLessThan(20_000);
  });
});
