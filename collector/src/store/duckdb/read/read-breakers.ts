import type { BreakerList } from '../../../api/contract/index.js';
import { foldBreakers } from '../../../project/breaker/fold-breakers.js';
import { nanosOf } from '../../answers/time-steps.js';
import type * as Question from '../../question.js';
import { breakerFact } from '../fact-text.js';
import { ask, type ReadContext, unionOf } from './context.js';
import { Params } from './params.js';

const MAX_FACTS = 100_000;
/** How far before the range the state at its beginning is looked for; breakers state themselves again and again. */
const BEFORE_MS = 24 * 3_600_000;

type Asked = Pick<Question.Breakers, 'range' | 'nowMs' | 'environment' | 'service'>;

export async function readBreakers(context: ReadContext, question: Asked, signal: AbortSignal): Promise<BreakerList> {
  const { range } = question;
  const slices = context.slices.overlappingFacts('breakers', nanosOf(range.from_ms - BEFORE_MS), nanosOf(range.to_ms));
  const params = new Params();
  const rows = await ask(
    context,
    slices,
    params,
    () => {
      const from = params.integer(nanosOf(range.from_ms));
      const terms = [
        `time_nano >= ${params.integer(nanosOf(range.from_ms - BEFORE_MS))} AND time_nano < ${params.integer(nanosOf(range.to_ms))}`,
      ];
      if (question.service !== '') terms.push(`service = ${params.text(question.service)}`);
      if (question.environment !== '') terms.push(`environment = ${params.text(question.environment)}`);
      const facts = unionOf(
        slices,
        (catalog) =>
          `SELECT service, name, kind, time_nano, fact FROM ${catalog}.breakers WHERE ${terms.join(' AND ')}`,
      );
      // Before the range only the last statements of each breaker matter.
      return `SELECT fact FROM (
          SELECT fact, time_nano, row_number() OVER (
            PARTITION BY service, name, kind, json_extract_string(fact, '$.instance'), time_nano >= ${from} ORDER BY time_nano DESC) AS place
          FROM ${facts} WHERE time_nano >= ${from} OR kind <> 'calls')
        WHERE time_nano >= ${from} OR place = 1 ORDER BY time_nano DESC LIMIT ${MAX_FACTS + 1}`;
    },
    signal,
  );
  const facts = rows.slice(0, MAX_FACTS).map((row) => breakerFact(row.fact as string));
  return {
    range,
    ...foldBreakers(facts, range, question.nowMs),
    truncated: rows.length > MAX_FACTS,
    sampled: false,
  };
}
