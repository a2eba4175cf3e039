import type { SagaDetail, SagaFunnel, SagaList, SagaSummary } from '../../../api/contract/index.js';
import type { SagaFact } from '../../../project/projection.js';
import { foldSaga } from '../../../project/saga/fold-saga.js';
import { groupBy } from '../../answers/group-by.js';
import { sagaFunnel } from '../../answers/saga-funnel.js';
import { nanosOf } from '../../answers/time-steps.js';
import type * as Question from '../../question.js';
import { sagaFact } from '../fact-text.js';
import type { Slice } from '../slice.js';
import { ask, type ReadContext, unionOf } from './context.js';
import { cursorParts, cursorText } from './cursor-text.js';
import { Params } from './params.js';
import { fold } from './text-sql.js';

/** Sagas that are folded for one question, the newest. */
const MAX_SAGAS = 20_000;
/** Facts of one saga that are folded, the newest; and of all sagas of a list. */
const MAX_SAGA_FACTS = 100_000;
const MAX_FACTS = 1_000_000;
/** A step is found by when it began, a saga by when it last changed. */
const LONGEST_STEP_NANO = 3_600_000_000_000n;

type Asked = Pick<Question.Sagas, 'range' | 'nowMs' | 'environment' | 'synthetic'> & { name: string };

export async function readSagas(
  context: ReadContext,
  question: Question.Sagas,
  signal: AbortSignal,
): Promise<SagaList> {
  const { sagas, sampled } = await summariesOf(context, question, signal);
  const wanted = fold(question.search);
  const found = sagas.filter((saga) => fold(`${saga.saga_id}\0${saga.correlation_id}`).includes(wanted));
  const counts: Record<string, number> = {};
  for (const saga of found) {
    counts[saga.state] = (counts[saga.state] ?? 0) + 1;
    if (saga.stuck) counts.stuck = (counts.stuck ?? 0) + 1;
  }
  const states = question.state.split(',').filter((state) => state !== '');
  const chosen = found
    .filter((saga) => states.length === 0 || states.includes(saga.state) || (saga.stuck && states.includes('stuck')))
    .map((saga) => ({ saga, place: placeOf(saga, question) }))
    .sort((a, b) => compare(a.place, b.place, question));
  const given = question.cursor === undefined ? undefined : placeIn(question.cursor, question);
  const rest = given ? chosen.filter(({ place }) => compare(place, given, question) > 0) : chosen;
  const page = rest.slice(0, question.limit);
  const last = page.at(-1);
  const hasMore = last !== undefined && page.length < rest.length;
  return {
    range: question.range,
    sagas: page.map(({ saga }) => saga),
    counts,
    names: [...new Set(sagas.map((saga) => saga.saga_name))].sort(),
    next_cursor: hasMore ? cursorText(last.place) : null,
    truncated: hasMore,
    sampled,
  };
}

export async function readSagaFunnel(
  context: ReadContext,
  question: Question.SagaFunnel,
  signal: AbortSignal,
): Promise<SagaFunnel> {
  const { sagas, sampled } = await summariesOf(context, question, signal);
  const definition = context.definitions().find((known) => known.name === question.name) ?? null;
  return { ...sagaFunnel(sagas, question.name, definition), range: question.range, sampled };
}

export async function readSaga(context: ReadContext, sagaId: string, signal: AbortSignal): Promise<SagaDetail | null> {
  const slices = slicesOfSagas(context);
  const params = new Params();
  const rows = await ask(
    context,
    slices,
    params,
    () => {
      const id = params.text(sagaId);
      const all = unionOf(slices, (catalog) => `SELECT time_nano, fact FROM ${catalog}.sagas WHERE saga_id = ${id}`);
      return `SELECT fact FROM ${all} ORDER BY time_nano DESC LIMIT ${MAX_SAGA_FACTS + 1}`;
    },
    signal,
  );
  if (rows.length === 0) return null;
  const facts = rows.slice(0, MAX_SAGA_FACTS).map((row) => sagaFact(row.fact as string));
  return foldWith(context, facts, Date.now(), rows.length > MAX_SAGA_FACTS);
}

/** Every saga that last changed within the range, folded. */
export async function summariesOf(
  context: ReadContext,
  question: Asked,
  signal: AbortSignal,
): Promise<{ sagas: SagaSummary[]; sampled: boolean }> {
  const { range } = question;
  const slices = slicesOfSagas(context);
  const params = new Params();
  const rows = await ask(
    context,
    slices,
    params,
    () => {
      const terms = ['TRUE'];
      if (question.name !== '') terms.push(`saga_name IN (${params.text(question.name)}, '')`);
      if (question.environment !== '') terms.push(`environment = ${params.text(question.environment)}`);
      const facts = unionOf(
        slices,
        (catalog) => `SELECT saga_id, time_nano, synthetic, fact FROM ${catalog}.sagas WHERE ${terms.join(' AND ')}`,
      );
      const synthetic =
        question.synthetic === 'include' ? '' : `AND max(synthetic) = ${question.synthetic === 'only' ? 1 : 0}`;
      return `WITH facts AS MATERIALIZED (SELECT * FROM ${facts}), wanted AS (
          SELECT saga_id FROM facts GROUP BY saga_id
          HAVING max(time_nano) >= ${params.integer(nanosOf(range.from_ms) - LONGEST_STEP_NANO)}
            AND min(time_nano) < ${params.integer(nanosOf(range.to_ms))} ${synthetic}
          ORDER BY max(time_nano) DESC LIMIT ${MAX_SAGAS + 1})
        SELECT f.saga_id, f.fact FROM facts f JOIN wanted USING (saga_id) LIMIT ${MAX_FACTS + 1}`;
    },
    signal,
  );
  const from = nanosOf(range.from_ms);
  const to = nanosOf(range.to_ms);
  const groups = groupBy(rows, (row) => row.saga_id as string);
  const sagas: SagaSummary[] = [];
  for (const group of groups.values()) {
    const { summary } = foldWith(
      context,
      group.map((row) => sagaFact(row.fact as string)),
      question.nowMs,
    );
    const updated = BigInt(summary.updated);
    if (updated < from || updated >= to) continue;
    if (question.name !== '' && summary.saga_name !== question.name) continue;
    sagas.push(summary);
  }
  return { sagas, sampled: groups.size > MAX_SAGAS || rows.length > MAX_FACTS };
}

/** Whatever the range: a saga is what all its facts say. */
function slicesOfSagas({ slices }: ReadContext): Slice[] {
  return slices.all().filter(({ sealed }) => sealed === null || sealed.sagas.rows > 0);
}

function foldWith(context: ReadContext, facts: SagaFact[], nowMs: number, truncated = false): SagaDetail {
  const name = facts.find((fact) => fact.sagaName !== '')?.sagaName ?? '';
  const definition = context.definitions().find((known) => known.name === name) ?? null;
  return foldSaga(facts, definition, nowMs, truncated);
}

/** What a list is sorted by, and the id. Sagas change while somebody pages: the last one may have left the list. */
type Place = readonly [key: string, sagaId: string];

function placeOf(saga: SagaSummary, { sort }: Question.Sagas): Place {
  return [String(sort === 'duration' ? saga.duration_ms : saga[sort]), saga.saga_id];
}

function placeIn(cursor: string, { sort }: Question.Sagas): Place {
  return cursorParts(cursor, [sort === 'duration' ? 'number' : 'integer', 'text']) as [string, string];
}

function compare([aKey, aId]: Place, [bKey, bId]: Place, { sort, order }: Question.Sagas): number {
  const sign = order === 'asc' ? 1 : -1;
  const difference = sort === 'duration' ? Number(aKey) - Number(bKey) : Number(BigInt(aKey) - BigInt(bKey));
  if (difference !== 0) return difference * sign;
  if (aId === bId) return 0;
  return (aId < bId ? -1 : 1) * sign;
}
