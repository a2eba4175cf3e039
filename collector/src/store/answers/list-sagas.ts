import { createHash } from 'node:crypto';
import type { SagaList, SagaSummary } from '../../api/contract/index.js';
import { asciiFold } from '../../query/ascii-fold.js';
import type * as Question from '../question.js';
import { cursorText, cursorValues } from './cursor.js';

/** The longest id that stands in a cursor as it is: the API's cursors are bounded, ids are what a sender says. */
const LONGEST_ID = 200;

/** What a list is sorted by, in nanoseconds, and what tells two of the same moment apart. */
type Place = readonly [key: bigint, tie: string];

/**
 * One page of the sagas that last changed in the question's range and are of its environment and traffic, whatever the
 * order they come in:
 * - `names` are those of all of them, `counts` those of every state (and of `stuck`, a flag beside the state) that the
 *   question's name and search leave, so that neither changes with the states that are picked;
 * - search is a part of the saga's or the correlation id, in any ASCII case;
 * - pages follow each other by place, not by number: a saga that changes while somebody pages may move to a page that
 *   was or will be shown, no other is shown twice or left out.
 * @param sampled there are more sagas, or more was said of one, than was read
 * @throws StoreError `cursor_invalid`
 */
export function listSagas(sagas: readonly SagaSummary[], sampled: boolean, question: Question.Sagas): SagaList {
  const part = asciiFold(question.search);
  const found = sagas
    .filter(({ saga_name }) => question.name === '' || saga_name === question.name)
    .filter(({ saga_id, correlation_id }) => [saga_id, correlation_id].some((id) => asciiFold(id).includes(part)));
  const counts: Record<string, number> = {};
  for (const saga of found) for (const state of statesOf(saga)) counts[state] = (counts[state] ?? 0) + 1;
  const states = question.state
    .split(',')
    .map((state) => state.trim())
    .filter((state) => state !== '');
  const sign = question.order === 'asc' ? 1 : -1;
  const chosen = found
    .filter((saga) => states.length === 0 || statesOf(saga).some((state) => states.includes(state)))
    .map((saga) => ({ saga, place: placeOf(saga, question.sort) }))
    .sort((a, b) => sign * compare(a.place, b.place));
  const given = question.cursor === undefined ? null : placeIn(question.cursor);
  const rest = given ? chosen.filter(({ place }) => sign * compare(place, given) > 0) : chosen;
  const page = rest.slice(0, question.limit);
  const last = page.at(-1);
  const truncated = page.length < rest.length;
  return {
    range: question.range,
    sagas: page.map(({ saga }) => saga),
    counts,
    names: [...new Set(sagas.map(({ saga_name }) => saga_name))].filter((name) => name !== '').sort(),
    next_cursor: last && truncated ? cursorText(last.place.map(String)) : null,
    truncated,
    sampled,
  };
}

function statesOf({ state, stuck }: SagaSummary): string[] {
  return stuck ? [state, 'stuck'] : [state];
}

function placeOf(saga: SagaSummary, sort: Question.Sagas['sort']): Place {
  const key = sort === 'duration' ? Math.round(saga.duration_ms * 1e6) : saga[sort];
  const { saga_id: id } = saga;
  return [BigInt(key), id.length <= LONGEST_ID ? id : createHash('sha256').update(id).digest('base64')];
}

function placeIn(cursor: string): Place {
  const [key, tie] = cursorValues(cursor, ['integer', 'text']);
  return [BigInt(key), tie];
}

function compare([aKey, aTie]: Place, [bKey, bTie]: Place): number {
  if (aKey !== bKey) return aKey < bKey ? -1 : 1;
  if (aTie === bTie) return 0;
  return aTie < bTie ? -1 : 1;
}
