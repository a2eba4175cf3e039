import type { estypes } from '@elastic/elasticsearch';
import type { StepGrid } from '../../answers/time-steps.js';

/** Which step an instant falls into; -1 outside. */
export function stepOf(grid: StepGrid, ms: number): number {
  const step = Math.floor((ms - grid.t0_ms) / grid.step_ms);
  return step >= 0 && step < grid.points ? step : -1;
}

/** A count per step. */
export function zeros(grid: StepGrid): number[] {
  return Array.from({ length: grid.points }, () => 0);
}

/** Items per step of the grid, which begins on a multiple of its step. */
export function stepHistogram(grid: StepGrid): estypes.AggregationsDateHistogramAggregation {
  return { field: '@timestamp', fixed_interval: `${grid.step_ms}ms`, min_doc_count: 1 };
}
