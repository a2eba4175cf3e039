import type { SagaFact } from '../../../project/projection.js';
import { LONGEST_STEP_MS, newestFacts, type SagaCaps } from '../../answers/saga-caps.js';
import { sagaOf } from '../fact-documents.js';
import { environmentQueries } from './scope.js';
import { type Bucket, type Query, type Search, type Source, within } from './search.js';

export const SAGA_CAPS: SagaCaps = { sagas: 10_000, facts: 200_000, factsOfOne: 100_000 };
/** Ids in one request. */
const IDS_AT_ONCE = 5000;

/** Where facts are, and how many of them are read. */
export interface FactsAsked {
  search: Search;
  caps: SagaCaps;
}

/** The sagas that are folded: those with all their facts, and those of which only the newest are read. */
interface ChosenSagas {
  whole: string[];
  large: string[];
  /** There are more sagas than these. */
  truncated: boolean;
}

/** Sagas of which something began in the range, or shortly before, the newest first, for as long as their facts fit. */
export async function chosenSagas(
  { search, caps }: FactsAsked,
  { range, environment }: { range: { from_ms: number; to_ms: number }; environment: string },
  signal: AbortSignal,
): Promise<ChosenSagas> {
  const during = within('@timestamp', { from_ms: range.from_ms - LONGEST_STEP_MS, to_ms: range.to_ms });
  const found = await bucketsOf(
    search,
    [during, ...environmentQueries(environment)],
    { terms: { field: 'saga_id', size: caps.sagas + 1, order: { last: 'desc' } } },
    { last: { max: { field: '@timestamp' } } },
    signal,
  );
  const ids = found.slice(0, caps.sagas).map(({ key }) => String(key));
  const chosen: ChosenSagas = { whole: [], large: [], truncated: found.length > ids.length };
  let left = caps.facts;
  for (const some of portions(ids)) {
    // Not only facts of the range: a saga's state is the sum of all that was said.
    const filter = [{ terms: { saga_id: some } }, ...environmentQueries(environment)];
    const counted = await bucketsOf(search, filter, { terms: { field: 'saga_id', size: some.length } }, {}, signal);
    const facts = new Map(counted.map(({ key, doc_count }) => [String(key), doc_count]));
    for (const id of some) {
      const count = facts.get(id) ?? 0;
      left -= Math.min(count, caps.factsOfOne);
      if (left < 0) return { ...chosen, truncated: true };
      (count > caps.factsOfOne ? chosen.large : chosen.whole).push(id);
    }
  }
  return chosen;
}

/** All facts of some sagas, in no particular order. */
export async function factsOf(
  { search, caps }: FactsAsked,
  ids: string[],
  environment: string,
  signal: AbortSignal,
): Promise<SagaFact[]> {
  const facts: SagaFact[] = [];
  for (const some of portions(ids)) {
    const filter = [{ terms: { saga_id: some } }, ...environmentQueries(environment)];
    // What was written since they were counted comes on top.
    const found = await search.everything<Source>('saga-facts', { bool: { filter } }, 2 * caps.facts, signal);
    for (const source of found.documents) facts.push(sagaOf(source));
  }
  return facts;
}

/** The newest facts of one saga, newest first. */
export async function newestFactsOf(
  { search, caps }: FactsAsked,
  sagaId: string,
  environment: string,
  signal: AbortSignal,
): Promise<{ facts: SagaFact[]; truncated: boolean }> {
  const filter = [{ term: { saga_id: sagaId } }, ...environmentQueries(environment)];
  const newest = { '@timestamp': { order: 'desc' as const } };
  const found = await search.everything<Source>(
    'saga-facts',
    { bool: { filter } },
    caps.factsOfOne + 1,
    signal,
    newest,
  );
  const all = found.documents.map(sagaOf);
  const facts = newestFacts(all, caps);
  return { facts, truncated: facts.length < all.length };
}

async function bucketsOf(
  search: Search,
  filter: Query[],
  sagas: { terms: object },
  aggs: Record<string, object>,
  signal: AbortSignal,
): Promise<Bucket[]> {
  const { aggregations } = await search.ask(
    'saga-facts',
    { query: { bool: { filter } }, size: 0, aggs: { sagas: { ...sagas, aggs } } },
    signal,
  );
  return aggregations['sagas']?.buckets ?? [];
}

function* portions(ids: string[]): Generator<string[]> {
  for (let from = 0; from < ids.length; from += IDS_AT_ONCE) yield ids.slice(from, from + IDS_AT_ONCE);
}
