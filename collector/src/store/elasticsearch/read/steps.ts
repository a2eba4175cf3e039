const SECOND = 1000;
const ROUND = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 604_800];

export interface StepGrid {
  t0_ms: number;
  step_ms: number;
  count: number;
}

/** Equidistant steps on round times that cover the range, about as many as `points`; an explicit step is kept. */
export function stepGrid(
  range: { from_ms: number; to_ms: number },
  step: 'auto' | number,
  points: number,
  smallestMs: number,
): StepGrid {
  const wanted = Math.max(smallestMs, (range.to_ms - range.from_ms) / points);
  const round = ROUND.map((seconds) => seconds * SECOND).find((ms) => ms >= wanted) ?? 604_800_000;
  const step_ms = step === 'auto' || step <= 0 ? round : step;
  const t0_ms = Math.floor(range.from_ms / step_ms) * step_ms;
  return { t0_ms, step_ms, count: Math.max(1, Math.ceil((range.to_ms - t0_ms) / step_ms)) };
}

/** Which step an instant falls into; -1 outside. */
export function stepOf(grid: StepGrid, ms: number): number {
  const step = Math.floor((ms - grid.t0_ms) / grid.step_ms);
  return step >= 0 && step < grid.count ? step : -1;
}

/** A count per step. */
export function zeros(grid: StepGrid): number[] {
  return Array.from({ length: grid.count }, () => 0);
}
