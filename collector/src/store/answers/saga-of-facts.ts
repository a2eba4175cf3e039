import type { SagaDetail } from '../../api/contract/index.js';
import type { SagaFact } from '../../project/projection.js';
import type { SagaDefinition } from '../../project/saga/definition.js';
import { foldSaga } from '../../project/saga/fold-saga.js';

/**
 * One saga from the facts that were read of it, by the definition of the name they say, where there is one.
 * @param facts at least one, in any order; all of the same saga
 * @param truncated whether there are more than these
 */
export function sagaOfFacts(
  facts: SagaFact[],
  definitions: readonly SagaDefinition[],
  nowMs: number,
  truncated = false,
): SagaDetail {
  const name = facts.find(({ sagaName }) => sagaName !== '')?.sagaName;
  const definition = definitions.find((known) => known.name === name) ?? null;
  return foldSaga(facts, definition, nowMs, truncated);
}
