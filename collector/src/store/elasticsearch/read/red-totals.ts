import type { Red, RedSeries, ResolvedRange } from '../../../api/contract/index.js';
import { mergeBuckets, quantilesMs } from '../../../project/duration-buckets.js';
import type { DurationBuckets } from '../../../project/projection.js';
import type { StepGrid } from '../../answers/time-steps.js';
import { stepOf } from './steps.js';

/** What every delta of calls has. */
export interface Calls {
  minuteMs: number;
  count: number;
  errors: number;
  durations: DurationBuckets;
}

/** Calls of one thing over a range, and per step of it. */
export class RedTotals {
  count = 0;
  errors = 0;
  readonly durations: DurationBuckets = new Map();
  readonly #steps = new Map<number, { count: number; errors: number; durations: DurationBuckets }>();

  add(calls: Calls, grid: StepGrid | null): void {
    this.count += calls.count;
    this.errors += calls.errors;
    mergeBuckets(this.durations, calls.durations);
    if (!grid) return;
    const at = Math.max(0, stepOf(grid, calls.minuteMs));
    const step = this.#steps.get(at) ?? { count: 0, errors: 0, durations: new Map() };
    step.count += calls.count;
    step.errors += calls.errors;
    mergeBuckets(step.durations, calls.durations);
    this.#steps.set(at, step);
  }

  red(range: ResolvedRange): Red {
    const [p50, p95, p99] = quantilesMs(this.durations, [0.5, 0.95, 0.99]);
    return {
      requests: this.count,
      rate: this.count / Math.max(0.001, (range.to_ms - range.from_ms) / 1000),
      errors: this.errors,
      error_ratio: this.count > 0 ? this.errors / this.count : null,
      p50_ms: p50,
      p95_ms: p95,
      p99_ms: p99,
    };
  }

  series(grid: StepGrid): RedSeries {
    const steps = Array.from({ length: grid.points }, (_, at) => this.#steps.get(at));
    const quantiles = steps.map((step) => (step ? quantilesMs(step.durations, [0.5, 0.95]) : [null, null]));
    return {
      t0_ms: grid.t0_ms,
      step_ms: grid.step_ms,
      requests: steps.map((step) => step?.count ?? 0),
      errors: steps.map((step) => step?.errors ?? 0),
      p50_ms: quantiles.map(([p50]) => p50 ?? null),
      p95_ms: quantiles.map(([, p95]) => p95 ?? null),
    };
  }
}
