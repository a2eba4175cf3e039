import type { SagaDetail, SagaFunnel, SagaList, SagaSummary } from '../../../api/contract/index.js';
import type { SagaDefinition } from '../../../project/saga/definition.js';
import { groupBy } from '../../answers/group-by.js';
import { listSagas } from '../../answers/list-sagas.js';
import { sagaFunnel } from '../../answers/saga-funnel.js';
import { sagaOfFacts } from '../../answers/saga-of-facts.js';
import type * as Question from '../../question.js';
import { chosenSagas, type FactsAsked, factsOf, newestFactsOf } from './saga-facts.js';

/** Every saga that changed last within the range, folded; of too many the part that saga-caps.ts tells. */
export async function foldSagas(
  asked: FactsAsked,
  definitions: SagaDefinition[],
  question: Pick<Question.Sagas, 'range' | 'nowMs' | 'environment' | 'synthetic'>,
  signal: AbortSignal,
): Promise<{ sagas: SagaSummary[]; sampled: boolean }> {
  const { range, environment, synthetic, nowMs } = question;
  const chosen = await chosenSagas(asked, { range, environment }, signal);
  const whole = await factsOf(asked, chosen.whole, environment, signal);
  const own = [...groupBy(whole, (fact) => fact.sagaId).values()];
  for (const id of chosen.large) own.push((await newestFactsOf(asked, id, environment, signal)).facts);
  const sagas = own
    .map((facts) => sagaOfFacts(facts, definitions, nowMs).summary)
    .filter(({ updated }) => inRange(updated, range))
    .filter((saga) => synthetic === 'include' || saga.synthetic === (synthetic === 'only'));
  return { sagas, sampled: chosen.truncated || chosen.large.length > 0 };
}

export async function readSagas(
  asked: FactsAsked,
  definitions: SagaDefinition[],
  question: Question.Sagas,
  signal: AbortSignal,
): Promise<SagaList> {
  const { sagas, sampled } = await foldSagas(asked, definitions, question, signal);
  return listSagas(sagas, sampled, question);
}

export async function readSagaFunnel(
  asked: FactsAsked,
  definitions: SagaDefinition[],
  question: Question.SagaFunnel,
  signal: AbortSignal,
): Promise<SagaFunnel> {
  const { sagas, sampled } = await foldSagas(asked, definitions, question, signal);
  return sagaFunnel(sagas, sampled, question, definitions);
}

export async function readSaga(
  asked: FactsAsked,
  definitions: SagaDefinition[],
  sagaId: string,
  nowMs: number,
  signal: AbortSignal,
): Promise<SagaDetail | null> {
  const { facts, truncated } = await newestFactsOf(asked, sagaId, '', signal);
  return facts.length === 0 ? null : sagaOfFacts(facts, definitions, nowMs, truncated);
}

function inRange(nano: string, range: { from_ms: number; to_ms: number }): boolean {
  const ms = Number(BigInt(nano) / 1_000_000n);
  return ms >= range.from_ms && ms < range.to_ms;
}
