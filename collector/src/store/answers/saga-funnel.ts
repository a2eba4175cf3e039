import type { SagaFunnel, SagaSummary } from '../../api/contract/index.js';
import type { SagaDefinition } from '../../project/saga/definition.js';
import type * as Question from '../question.js';

/**
 * How far the sagas of one name came, step by step: in the definition's order, else as steps are first seen.
 * @param all sagas of any name
 * @param sampled there are more sagas, or more was said of one, than was read
 */
export function sagaFunnel(
  all: readonly SagaSummary[],
  sampled: boolean,
  { name, range }: Pick<Question.SagaFunnel, 'name' | 'range'>,
  definitions: readonly SagaDefinition[],
): SagaFunnel {
  const sagas = all.filter(({ saga_name }) => saga_name === name);
  const definition = definitions.find((known) => known.name === name);
  const names = new Set(definition?.steps.filter((step) => step.kind === 'action').map((step) => step.name));
  for (const saga of sagas) for (const step of saga.steps) names.add(step.name);
  const steps = [...names].map((step) => {
    const told = sagas.flatMap((saga) => saga.steps.filter((candidate) => candidate.name === step));
    const of = (...states: string[]) => told.filter((candidate) => states.includes(candidate.state)).length;
    const durations = told
      .map((candidate) => candidate.duration_ms)
      .filter((duration) => duration !== null)
      .sort((a, b) => a - b);
    const undone = of('undone', 'undoing', 'undo_failed');
    return {
      name: step,
      reached: told.length - of('not_reached', 'waiting', 'skipped'),
      done: of('done') + undone,
      failed: of('failed'),
      undone,
      p50_ms: nearestRank(durations, 0.5),
      p95_ms: nearestRank(durations, 0.95),
    };
  });
  return {
    range,
    saga_name: name,
    total: sagas.length,
    steps,
    completed: sagas.filter((saga) => saga.state === 'completed').length,
    compensated: sagas.filter((saga) => saga.state === 'compensated' || saga.state === 'partially_compensated').length,
    stuck: sagas.filter((saga) => saga.stuck).length,
    sampled,
  };
}

/** Exact quantile of sorted values by the nearest-rank rule. */
export function nearestRank(sorted: readonly number[], q: number): number | null {
  if (sorted.length === 0) return null;
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? null;
}
