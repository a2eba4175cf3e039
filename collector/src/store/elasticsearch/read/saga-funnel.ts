import type { SagaDetail, SagaFunnel } from '../../../api/contract/index.js';
import { addDuration, quantileMs } from '../../../project/duration-buckets.js';
import type { DurationBuckets } from '../../../project/projection.js';

interface StepCounts {
  reached: number;
  done: number;
  failed: number;
  undone: number;
  durations: DurationBuckets;
}

/** How far the instances of one saga came, step by step in the order in which steps first appear. */
export function foldFunnel(
  sagas: SagaDetail[],
): Pick<SagaFunnel, 'total' | 'steps' | 'completed' | 'compensated' | 'stuck'> {
  const steps = new Map<string, StepCounts>();
  for (const { summary } of sagas) {
    for (const step of summary.steps) {
      const counts = steps.get(step.name) ?? { reached: 0, done: 0, failed: 0, undone: 0, durations: new Map() };
      steps.set(step.name, counts);
      if (step.state === 'not_reached') continue;
      counts.reached++;
      if (step.state === 'done') counts.done++;
      if (step.state === 'failed') counts.failed++;
      if (['undone', 'undoing', 'undo_failed'].includes(step.state)) {
        // What had to be undone had been done.
        counts.done++;
        if (step.state === 'undone') counts.undone++;
      }
      if (step.duration_ms !== null) addDuration(counts.durations, step.duration_ms * 1e6);
    }
  }
  const inState = (...states: string[]) => sagas.filter(({ summary }) => states.includes(summary.state)).length;
  return {
    total: sagas.length,
    steps: [...steps].map(([name, { durations, ...counts }]) => ({
      name,
      ...counts,
      p50_ms: quantileMs(durations, 0.5),
      p95_ms: quantileMs(durations, 0.95),
    })),
    completed: inState('completed'),
    compensated: inState('compensated', 'partially_compensated'),
    stuck: sagas.filter(({ summary }) => summary.stuck).length,
  };
}
