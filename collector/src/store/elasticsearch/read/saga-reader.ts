import type { SagaDetail, SagaFunnel, SagaList, SagaSummary } from '../../../api/contract/index.js';
import type { SagaFact } from '../../../project/projection.js';
import type { SagaDefinition } from '../../../project/saga/definition.js';
import { foldSaga } from '../../../project/saga/fold-saga.js';
import { sagaFunnel } from '../../answers/saga-funnel.js';
import type * as Question from '../../question.js';
import { sagaOf } from '../fact-documents.js';
import { cursorText, cursorValues } from './cursor.js';
import { grouped } from './red-reader.js';
import { environmentQueries } from './scope.js';
import { type Query, type Search, type Source, within } from './search.js';

/** Sagas that one answer looks at, the most recently changed first, and facts of them. */
const MOST_SAGAS = 10_000;
const MOST_FACTS = 200_000;
/** Ids in one request. */
const IDS_AT_ONCE = 5000;

interface Asked extends Question.Ranged {
  environment: string;
  synthetic: 'exclude' | 'include' | 'only';
}

/** Every saga that changed last within the range, folded. */
export async function foldSagas(
  search: Search,
  definitions: SagaDefinition[],
  question: Asked,
  signal: AbortSignal,
): Promise<{ sagas: SagaDetail[]; truncated: boolean }> {
  const { range, environment, synthetic, nowMs } = question;
  const filter: Query[] = [within('@timestamp', range), ...environmentQueries(environment)];
  const { aggregations } = await search.ask(
    'saga-facts',
    {
      query: { bool: { filter } },
      size: 0,
      aggs: {
        sagas: {
          terms: { field: 'saga_id', size: MOST_SAGAS + 1, order: { last: 'desc' } },
          aggs: { last: { max: { field: '@timestamp' } } },
        },
      },
    },
    signal,
  );
  const ids = (aggregations['sagas']?.buckets ?? []).map((bucket) => String(bucket.key));
  const facts: SagaFact[] = [];
  let truncated = ids.length > MOST_SAGAS;
  for (let from = 0; from < Math.min(ids.length, MOST_SAGAS) && facts.length < MOST_FACTS; from += IDS_AT_ONCE) {
    const some = ids.slice(from, Math.min(from + IDS_AT_ONCE, MOST_SAGAS));
    // Not only facts of the range: a saga's state is the sum of all that was said.
    const found = await search.everything<Source>(
      'saga-facts',
      { bool: { filter: [{ terms: { saga_id: some } }, ...environmentQueries(environment)] } },
      MOST_FACTS,
      signal,
    );
    truncated ||= found.truncated;
    for (const source of found.documents) facts.push(sagaOf(source));
  }
  const sagas = [...grouped(facts, (fact) => fact.sagaId).values()]
    .map((own) => foldSaga(own, definitionOf(own, definitions), nowMs))
    .filter(({ summary }) => inRange(summary.updated, range))
    .filter(({ summary }) => synthetic === 'include' || summary.synthetic === (synthetic === 'only'));
  return { sagas, truncated };
}

export async function readSagas(
  search: Search,
  definitions: SagaDefinition[],
  question: Question.Sagas,
  signal: AbortSignal,
): Promise<SagaList> {
  const { sagas, truncated } = await foldSagas(search, definitions, question, signal);
  const names = [...new Set(sagas.map(({ summary }) => summary.saga_name))].filter((name) => name !== '').sort();
  const wanted = sagas
    .map(({ summary }) => summary)
    .filter((saga) => question.name === '' || saga.saga_name === question.name)
    .filter((saga) => contains(saga, question.search));
  const counts: Record<string, number> = {};
  for (const saga of wanted) {
    counts[saga.state] = (counts[saga.state] ?? 0) + 1;
    if (saga.stuck) counts['stuck'] = (counts['stuck'] ?? 0) + 1;
  }
  const states = new Set(
    question.state
      .split(',')
      .map((state) => state.trim())
      .filter((state) => state !== ''),
  );
  const shown = wanted
    .filter((saga) => states.size === 0 || states.has(saga.state) || (saga.stuck && states.has('stuck')))
    .map((saga) => ({ saga, place: [sortValue(saga, question.sort), saga.saga_id] as const }))
    .toSorted((a, b) => (question.order === 'asc' ? 1 : -1) * byPlace(a.place, b.place));
  let from = 0;
  if (question.cursor) {
    const [value, id] = cursorValues(question.cursor, ['number', 'text']);
    const place = [Number(value), String(id)] as const;
    const sign = question.order === 'asc' ? 1 : -1;
    from = shown.findIndex((candidate) => sign * byPlace(candidate.place, place) > 0);
    if (from === -1) from = shown.length;
  }
  const page = shown.slice(from, from + question.limit);
  const last = page.at(-1);
  const more = from + page.length < shown.length;
  return {
    range: question.range,
    sagas: page.map(({ saga }) => saga),
    counts,
    names,
    next_cursor: more && last ? cursorText([...last.place]) : null,
    truncated: truncated || more,
    sampled: truncated,
  };
}

export async function readSagaFunnel(
  search: Search,
  definitions: SagaDefinition[],
  question: Question.SagaFunnel,
  signal: AbortSignal,
): Promise<SagaFunnel> {
  const { sagas, truncated } = await foldSagas(search, definitions, question, signal);
  const own = sagas.map(({ summary }) => summary).filter((saga) => saga.saga_name === question.name);
  const definition = definitions.find((known) => known.name === question.name) ?? null;
  return { ...sagaFunnel(own, question.name, definition), range: question.range, sampled: truncated };
}

export async function readSaga(
  search: Search,
  definitions: SagaDefinition[],
  sagaId: string,
  nowMs: number,
  signal: AbortSignal,
): Promise<SagaDetail | null> {
  const query: Query = { bool: { filter: [{ term: { saga_id: sagaId } }] } };
  const { documents, truncated } = await search.everything<Source>('saga-facts', query, MOST_FACTS, signal);
  if (documents.length === 0) return null;
  const facts = documents.map(sagaOf);
  return foldSaga(facts, definitionOf(facts, definitions), nowMs, truncated);
}

function definitionOf(facts: SagaFact[], definitions: SagaDefinition[]): SagaDefinition | null {
  const name = facts.find((fact) => fact.sagaName !== '')?.sagaName;
  return definitions.find((definition) => definition.name === name) ?? null;
}

function inRange(nano: string, range: { from_ms: number; to_ms: number }): boolean {
  const ms = Number(BigInt(nano) / 1_000_000n);
  return ms >= range.from_ms && ms < range.to_ms;
}

function contains(saga: SagaSummary, part: string): boolean {
  const lower = part.toLowerCase();
  return [saga.saga_id, saga.correlation_id].some((text) => text.toLowerCase().includes(lower));
}

function sortValue(saga: SagaSummary, sort: Question.Sagas['sort']): number {
  if (sort === 'duration') return saga.duration_ms;
  // Microseconds: exact in a double, and fine enough for an order that the id completes.
  return Number(BigInt(sort === 'started' ? saga.started : saga.updated) / 1000n);
}

function byPlace(a: readonly [number, string], b: readonly [number, string]): number {
  return a[0] - b[0] || (a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0);
}
