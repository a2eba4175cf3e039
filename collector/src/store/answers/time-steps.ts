import type { ResolvedRange } from '../../api/contract/index.js';

const ROUND_MS = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000,
  900_000, 1_800_000, 3_600_000, 7_200_000, 10_800_000, 21_600_000, 43_200_000, 86_400_000,
];
const DAY_MS = 86_400_000;

/** Most points that a series has. */
export const MAX_POINTS = 2000;

export interface StepGrid {
  t0_ms: number;
  step_ms: number;
  points: number;
}

/** A grid over a range with about `points` points and a round step of at least `least`, beginning on a multiple of it. */
export function gridOf(range: ResolvedRange, points: number, least = 1): StepGrid {
  const wanted = Math.max(least, (range.to_ms - range.from_ms) / points);
  const step = ROUND_MS.find((ms) => ms >= wanted && ms >= least) ?? Math.ceil(wanted / DAY_MS) * DAY_MS;
  return gridWith(range, step);
}

/** A grid with a given step, made longer where that would be too many points. */
export function gridWith(range: ResolvedRange, stepMs: number): StepGrid {
  const span = range.to_ms - range.from_ms;
  const step_ms = Math.max(stepMs, Math.ceil(span / MAX_POINTS), 1);
  const t0_ms = Math.floor(range.from_ms / step_ms) * step_ms;
  return { t0_ms, step_ms, points: Math.max(1, Math.ceil((range.to_ms - t0_ms) / step_ms)) };
}

export function nanosOf(ms: number): bigint {
  return BigInt(Math.floor(ms)) * 1_000_000n;
}

/** Length of a range, never zero: rates divide by it. */
export function secondsOf(range: ResolvedRange): number {
  return Math.max(1, range.to_ms - range.from_ms) / 1000;
}
