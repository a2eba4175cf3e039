import type { SagaDetail, SagaFunnel, SagaList, SagaSummary } from '../../../api/contract/index.js';
import { groupBy } from '../../answers/group-by.js';
import { listSagas } from '../../answers/list-sagas.js';
import { LONGEST_STEP_MS, newestFacts, type SagaCaps } from '../../answers/saga-caps.js';
import { sagaFunnel } from '../../answers/saga-funnel.js';
import { sagaOfFacts } from '../../answers/saga-of-facts.js';
import { nanosOf } from '../../answers/time-steps.js';
import type * as Question from '../../question.js';
import { sagaFact } from '../fact-text.js';
import type { Slice } from '../slice.js';
import { ask, type ReadContext, unionOf } from './context.js';
import { Params } from './params.js';

export const SAGA_CAPS: SagaCaps = { sagas: 20_000, facts: 1_000_000, factsOfOne: 100_000 };

type Asked = Pick<Question.Sagas, 'range' | 'nowMs' | 'environment' | 'synthetic'>;

export async function readSagas(
  context: ReadContext,
  question: Question.Sagas,
  signal: AbortSignal,
): Promise<SagaList> {
  const { sagas, sampled } = await summariesOf(context, question, signal);
  return listSagas(sagas, sampled, question);
}

export async function readSagaFunnel(
  context: ReadContext,
  question: Question.SagaFunnel,
  signal: AbortSignal,
): Promise<SagaFunnel> {
  const { sagas, sampled } = await summariesOf(context, question, signal);
  return sagaFunnel(sagas, sampled, question, context.definitions());
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
      return `SELECT fact FROM ${all} ORDER BY time_nano DESC LIMIT ${context.sagaCaps.factsOfOne + 1}`;
    },
    signal,
  );
  if (rows.length === 0) return null;
  const all = rows.map((row) => sagaFact(row.fact as string));
  const facts = newestFacts(all, context.sagaCaps);
  return sagaOfFacts(facts, context.definitions(), Date.now(), facts.length < all.length);
}

/** Every saga that last changed within the range, folded; of too many the part that {@link SagaCaps} tells. */
export async function summariesOf(
  context: ReadContext,
  question: Asked,
  signal: AbortSignal,
): Promise<{ sagas: SagaSummary[]; sampled: boolean }> {
  const { range, environment, synthetic } = question;
  const slices = slicesOfSagas(context);
  const params = new Params();
  const rows = await ask(
    context,
    slices,
    params,
    () => factsSql(context, slices, params, { range, environment, synthetic }),
    signal,
  );
  const from = nanosOf(range.from_ms);
  const to = nanosOf(range.to_ms);
  const groups = groupBy(rows, (row) => row.saga_id as string);
  let sampled = groups.size < Number(rows[0]?.found ?? 0);
  const definitions = context.definitions();
  const sagas: SagaSummary[] = [];
  for (const group of groups.values()) {
    const all = group.map((row) => sagaFact(row.fact as string));
    const facts = newestFacts(all, context.sagaCaps);
    sampled ||= facts.length < all.length;
    const { summary } = sagaOfFacts(facts, definitions, question.nowMs);
    const updated = BigInt(summary.updated);
    if (updated >= from && updated < to) sagas.push(summary);
  }
  return { sagas, sampled };
}

/** Facts of the sagas that are folded, with how many sagas there are; of a saga with too many the newest, in that order. */
function factsSql(
  { sagaCaps: caps }: ReadContext,
  slices: Slice[],
  params: Params,
  { range, environment, synthetic }: Pick<Asked, 'range' | 'environment' | 'synthetic'>,
): string {
  const terms = environment === '' ? 'TRUE' : `environment = ${params.text(environment)}`;
  const facts = unionOf(
    slices,
    (catalog) => `SELECT saga_id, time_nano, synthetic, fact FROM ${catalog}.sagas WHERE ${terms}`,
  );
  const kinds = synthetic === 'include' ? '' : `AND synthetic = ${synthetic === 'only' ? 1 : 0}`;
  const from = params.integer(nanosOf(range.from_ms - LONGEST_STEP_MS));
  const to = params.integer(nanosOf(range.to_ms));
  return `WITH facts AS MATERIALIZED (SELECT * FROM ${facts}), said AS (
      SELECT saga_id, max(synthetic) AS synthetic, count(*) AS facts,
        max(time_nano) FILTER (WHERE time_nano >= ${from} AND time_nano < ${to}) AS last_nano
      FROM facts GROUP BY saga_id), placed AS (
      SELECT saga_id, facts, count(*) OVER () AS found, row_number() OVER newest AS place,
        sum(least(facts, ${caps.factsOfOne})) OVER (newest ROWS UNBOUNDED PRECEDING) AS sum
      FROM said WHERE last_nano IS NOT NULL ${kinds} WINDOW newest AS (ORDER BY last_nano DESC, saga_id)), wanted AS (
      SELECT saga_id, facts, found FROM placed WHERE place <= ${caps.sagas} AND sum <= ${caps.facts})
    SELECT f.saga_id, f.fact, w.found FROM facts f JOIN wanted w USING (saga_id) WHERE w.facts <= ${caps.factsOfOne}
    UNION ALL SELECT * FROM (
      SELECT f.saga_id, f.fact, w.found FROM facts f JOIN wanted w USING (saga_id) WHERE w.facts > ${caps.factsOfOne}
      QUALIFY row_number() OVER (PARTITION BY saga_id ORDER BY time_nano DESC) <= ${caps.factsOfOne + 1}
      ORDER BY time_nano DESC)`;
}

/** Whatever the range: a saga is what all its facts say. */
function slicesOfSagas({ slices }: ReadContext): Slice[] {
  return slices.all().filter(({ sealed }) => sealed === null || sealed.sagas.rows > 0);
}
