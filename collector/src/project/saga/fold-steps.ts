import type { SagaStep, SagaStepState } from '../../api/contract/index.js';
import type { SagaDefinition } from './definition.js';
import type { FoldedAttempt } from './fold-attempts.js';

/**
 * Forward steps in order (the definition's, then as they appeared) with what became of each; a compensation is folded
 * into the step it undoes.
 */
export function foldSteps(attempts: FoldedAttempt[], definition: SagaDefinition | null): SagaStep[] {
  const names = (definition?.steps ?? []).filter((step) => step.kind === 'action').map((step) => step.name);
  const appeared = attempts
    .filter((attempt) => attempt.kind === 'action' && !names.includes(attempt.step))
    .toSorted((a, b) => a.stepIndex - b.stepIndex || (a.startNano < b.startNano ? -1 : 1));
  for (const attempt of appeared) if (!names.includes(attempt.step)) names.push(attempt.step);
  return names.map((name) => {
    const own = attempts.filter((attempt) => attempt.kind === 'action' && attempt.step === name);
    const undoing = attempts.filter((attempt) => attempt.compensates === name);
    const last = own.at(-1);
    return {
      name,
      state: stepState(own, undoing),
      attempts: own.length,
      service: last?.service ?? '',
      duration_ms: last?.endNano == null ? null : Number(last.endNano - last.startNano) / 1e6,
    };
  });
}

function stepState(own: FoldedAttempt[], undoing: FoldedAttempt[]): SagaStepState {
  const undo = undoing.at(-1);
  if (undo) {
    if (undo.outcome === 'running') return 'undoing';
    return undoing.some((attempt) => attempt.outcome === 'succeeded') ? 'undone' : 'undo_failed';
  }
  const last = own.at(-1);
  if (!last) return 'not_reached';
  if (own.some((attempt) => attempt.outcome === 'succeeded')) return 'done';
  return last.outcome === 'running' ? 'running' : last.outcome === 'skipped' ? 'skipped' : 'failed';
}
