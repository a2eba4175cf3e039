import type { ResolvedRange } from '../../../api/contract/index.js';
import type { RedDelta } from '../../../project/projection.js';
import type { StepGrid } from '../../answers/time-steps.js';
import type * as Question from '../../question.js';
import { redOf } from '../delta-documents.js';
import { RedTotals } from './red-totals.js';
import { environmentQueries, syntheticQueries } from './scope.js';
import type { Query, Search, Source } from './search.js';

const MINUTE_MS = 60_000;
/** Minute documents that one answer is made of. */
const MOST_DOCUMENTS = 300_000;

/** Minutes that begin in the range; the one it begins in counts whole. */
export function minutesOf(range: ResolvedRange): Query {
  const from = Math.floor(range.from_ms / MINUTE_MS) * MINUTE_MS;
  return { range: { minute: { gte: String(from), lt: String(range.to_ms) } } };
}

export async function readRed(
  search: Search,
  range: ResolvedRange,
  asked: Pick<Question.Services, 'environment' | 'synthetic'>,
  more: Query[],
  signal: AbortSignal,
): Promise<{ deltas: RedDelta[]; truncated: boolean }> {
  const filter = [
    minutesOf(range),
    ...environmentQueries(asked.environment),
    ...syntheticQueries(asked.synthetic),
    ...more,
  ];
  const { documents, truncated } = await search.everything<Source>('red', { bool: { filter } }, MOST_DOCUMENTS, signal);
  return { deltas: documents.map(redOf), truncated };
}

export function totalsOf(deltas: Iterable<RedDelta>, grid: StepGrid | null): RedTotals {
  const totals = new RedTotals();
  for (const delta of deltas) totals.add(delta, grid);
  return totals;
}
