import type { SagaDetail, SagaFunnel, SagaList, SagaSummary } from '../../../api/contract/index.js';
import type { SagaFact } from '../../../project/projection.js';
import type { SagaDefinition } from '../../../project/saga/definition.js';
import { foldSaga } from '../../../project/saga/fold-saga.js';
import { sagaFunnel } from '../../answers/saga-funnel.js';
import type * as Question from '../../question.js';
import { cursorText, cursorValues } from './cursor.js';
import { grouped } from './red-reader.js';
import { chosenSagas, type FactsAsked, factsOf, newestFactsOf } from './saga-facts.js';

/** Every saga that changed last within the range, folded; of too many the part that saga-caps.ts tells. */
export async function foldSagas(
  asked: FactsAsked,
  definitions: SagaDefinition[],
  question: Pick<Question.Sagas, 'range' | 'nowMs' | 'environment' | 'synthetic'>,
  signal: AbortSignal,
): Promise<{ sagas: SagaDetail[]; truncated: boolean }> {
  const { range, environment, synthetic, nowMs } = question;
  const chosen = await chosenSagas(asked, { range, environment }, signal);
  const whole = await factsOf(asked, chosen.whole, environment, signal);
  const own = [...grouped(whole, (fact) => fact.sagaId).values()];
  for (const id of chosen.large) own.push((await newestFactsOf(asked, id, environment, signal)).facts);
  const sagas = own
    .map((facts) => foldSaga(facts, definitionOf(facts, definitions), nowMs))
    .filter(({ summary }) => inRange(summary.updated, range))
    .filter(({ summary }) => synthetic === 'include' || summary.synthetic === (synthetic === 'only'));
  return { sagas, truncated: chosen.truncated || chosen.large.length > 0 };
}

export async function readSagas(
  asked: FactsAsked,
  definitions: SagaDefinition[],
  question: Question.Sagas,
  signal: AbortSignal,
): Promise<SagaList> {
  const { sagas, truncated } = await foldSagas(asked, definitions, question, signal);
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
  asked: FactsAsked,
  definitions: SagaDefinition[],
  question: Question.SagaFunnel,
  signal: AbortSignal,
): Promise<SagaFunnel> {
  const { sagas, truncated } = await foldSagas(asked, definitions, question, signal);
  const own = sagas.map(({ summary }) => summary).filter((saga) => saga.saga_name === question.name);
  const definition = definitions.find((known) => known.name === question.name) ?? null;
  return { ...sagaFunnel(own, question.name, definition), range: question.range, sampled: truncated };
}

export async function readSaga(
  asked: FactsAsked,
  definitions: SagaDefinition[],
  sagaId: string,
  nowMs: number,
  signal: AbortSignal,
): Promise<SagaDetail | null> {
  const { facts, truncated } = await newestFactsOf(asked, sagaId, '', signal);
  return facts.length === 0 ? null : foldSaga(facts, definitionOf(facts, definitions), nowMs, truncated);
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
