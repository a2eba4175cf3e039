import type { Breaker, BreakerList } from '../../../api/contract/index.js';
import { foldBreakers } from '../../../project/breaker/fold-breakers.js';
import type * as Question from '../../question.js';
import { breakerOf } from '../fact-documents.js';
import { environmentQueries } from './scope.js';
import { type Query, type Search, type Source, within } from './search.js';

const MOST_FACTS = 100_000;
/** How far back the state that the range begins in is looked for; breakers state themselves again and again. */
const LOOK_BACK_MS = 24 * 3_600_000;
const MOST_INSTANCES = 5000;
const MOST_TRANSITIONS = 1000;

export async function readBreakers(
  search: Search,
  question: Question.Breakers,
  signal: AbortSignal,
): Promise<BreakerList> {
  const { folded, truncated } = await fold(search, question, question.service, signal);
  return {
    range: question.range,
    breakers: folded.breakers,
    transitions: folded.transitions.slice(0, MOST_TRANSITIONS),
    truncated: truncated || folded.transitions.length > MOST_TRANSITIONS,
    sampled: false,
  };
}

/** Breakers of a service, or of every service when it is empty, with the state that the range ends in. */
export async function readBreakerState(
  search: Search,
  question: Question.Ranged & { environment: string },
  service: string,
  signal: AbortSignal,
): Promise<Breaker[]> {
  return (await fold(search, question, service, signal)).folded.breakers;
}

async function fold(
  search: Search,
  { range, nowMs, environment }: Question.Ranged & { environment: string },
  service: string,
  signal: AbortSignal,
) {
  const scope: Query[] = [...environmentQueries(environment), ...(service === '' ? [] : [{ term: { service } }])];
  const [inRange, before] = await Promise.all([
    search.everything<Source>(
      'breaker-facts',
      { bool: { filter: [within('@timestamp', range), ...scope] } },
      MOST_FACTS,
      signal,
    ),
    lastBefore(search, range.from_ms, scope, signal),
  ]);
  const facts = [...before.facts, ...inRange.documents].map(breakerOf);
  return { folded: foldBreakers(facts, range, nowMs), truncated: inRange.truncated || before.truncated };
}

/** The last statement of each instance before the range. */
async function lastBefore(
  search: Search,
  fromMs: number,
  scope: Query[],
  signal: AbortSignal,
): Promise<{ facts: Source[]; truncated: boolean }> {
  const { aggregations } = await search.ask(
    'breaker-facts',
    {
      query: {
        bool: {
          filter: [within('@timestamp', { from_ms: fromMs - LOOK_BACK_MS, to_ms: fromMs }), ...scope],
          must_not: [{ term: { kind: 'calls' } }],
        },
      },
      size: 0,
      aggs: {
        instances: {
          composite: {
            size: MOST_INSTANCES,
            sources: (['service', 'breaker', 'kind', 'instance'] as const).map((field) => ({
              [field]: { terms: { field, missing_bucket: true } },
            })),
          },
          aggs: { last: { top_hits: { size: 1, sort: [{ '@timestamp': 'desc' }] } } },
        },
      },
    },
    signal,
  );
  const { buckets = [] } = aggregations['instances'] ?? {};
  const facts = buckets.flatMap((bucket) => {
    const { hits } = bucket['last'] as unknown as { hits: { hits: { _source: Source }[] } };
    return hits.hits.map((hit) => hit._source);
  });
  return { facts, truncated: buckets.length >= MOST_INSTANCES };
}
