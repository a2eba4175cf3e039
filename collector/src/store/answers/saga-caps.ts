import type { SagaFact } from '../../project/projection.js';

/**
 * How much of what was said about sagas one answer reads. Which part that is does not depend on the store:
 * - of one saga its newest facts, all or none of those that began at the same moment;
 * - of many those of which something began last in the range, whole, for as long as their facts fit.
 */
export interface SagaCaps {
  /** Sagas that one answer folds. */
  readonly sagas: number;
  /** Facts of all of them. */
  readonly facts: number;
  /** Facts of one saga; no more than `facts`. */
  readonly factsOfOne: number;
}

/** A step is found by when it began, a saga by when it last changed: how long before the range a step may have begun. */
export const LONGEST_STEP_MS = 3_600_000;

/** Of one saga's facts, newest first: the part that is folded. */
export function newestFacts(facts: SagaFact[], { factsOfOne }: SagaCaps): SagaFact[] {
  const left = facts[factsOfOne];
  if (left === undefined) return facts;
  let end = factsOfOne;
  while (end > 0 && facts[end - 1]?.timeNano === left.timeNano) end--;
  // Nothing tells facts of a single moment apart.
  return facts.slice(0, end || factsOfOne);
}
