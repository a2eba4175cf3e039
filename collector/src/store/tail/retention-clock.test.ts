import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RetentionClock } from './retention-clock.js';

const NOW_MS = Date.UTC(2026, 4, 5);
const MINUTE_MS = 60_000;
const MONTH_MS = 30 * 86_400_000;

let directory = '';
let steadyMs = 0;
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'orrery-clock-'));
  steadyMs = 5000;
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const open = () => new RetentionClock(directory, () => steadyMs);
/** A minute later by the clock that nobody sets. */
function later(clock: RetentionClock, wallMs: number) {
  steadyMs += MINUTE_MS;
  return clock.now(wallMs);
}

describe('the clock of retention', () => {
  it('is the wall clock while that goes on as time does', () => {
    const clock = open();
    expect(clock.now(NOW_MS)).toEqual({ ms: NOW_MS, leapt: false });
    expect(later(clock, NOW_MS + MINUTE_MS)).toEqual({ ms: NOW_MS + MINUTE_MS, leapt: false });
  });

  it('goes on from where it was when the wall clock leaps ahead, until the leap has stood for an hour', () => {
    const clock = open();
    clock.now(NOW_MS);
    for (let minute = 1; minute <= 60; minute++) {
      const wallMs = NOW_MS + MONTH_MS + minute * MINUTE_MS;
      expect(later(clock, wallMs)).toEqual({ ms: NOW_MS + minute * MINUTE_MS, leapt: true });
    }
    const wallMs = NOW_MS + MONTH_MS + 61 * MINUTE_MS;
    expect(later(clock, wallMs)).toEqual({ ms: wallMs, leapt: false });
  });

  it('forgets the leap when the wall clock is set right again', () => {
    const clock = open();
    clock.now(NOW_MS);
    expect(later(clock, NOW_MS + MONTH_MS).leapt).toBe(true);
    expect(later(clock, NOW_MS + 2 * MINUTE_MS)).toEqual({ ms: NOW_MS + 2 * MINUTE_MS, leapt: false });
  });

  it('knows over a restart what time it was', () => {
    open().now(NOW_MS);
    expect(open().now(NOW_MS + MONTH_MS)).toEqual({ ms: NOW_MS, leapt: true });
  });

  it('believes a clock that was set back at once', () => {
    const clock = open();
    clock.now(NOW_MS);
    expect(later(clock, NOW_MS - MONTH_MS)).toEqual({ ms: NOW_MS - MONTH_MS, leapt: false });
  });
});
