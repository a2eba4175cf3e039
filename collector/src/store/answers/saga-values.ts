import type { FieldValues, SagaSummary } from '../../api/contract/index.js';
import type * as Question from '../question.js';
import { sagaMatches, sagaText } from './aggregate-sagas.js';
import { fieldOf } from './field-of.js';
import { mostFrequent } from './most-frequent.js';

/** The values that a field has in folded sagas, each with how many have it. */
export function sagaValues(
  sagas: readonly SagaSummary[],
  question: Question.FieldValues,
): Pick<FieldValues, 'values' | 'truncated'> {
  const field = fieldOf(question.field, 'sagas');
  const counts = new Map<string, number>();
  for (const saga of sagas) {
    const value = sagaText(saga, field);
    if (!value?.startsWith(question.prefix) || !sagaMatches(saga, question.filter)) continue;
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return mostFrequent(counts, question.limit);
}
