import type { SyntheticTraffic } from '../../../api/contract/index.js';
import { Signal } from '../../../log/log-record.js';
import { nanosOf } from '../../answers/time-steps.js';
import type * as Question from '../../question.js';
import type { Slice } from '../slice.js';
import { type ReadContext, unionOf } from './context.js';
import { filterSql } from './filter-sql.js';
import { filterReach, spanTarget } from './filter-targets.js';
import { itemsSql } from './items-sql.js';
import type { Params } from './params.js';

/** Parts of one trace may lie this far apart and still be one row of the list. */
const SPREAD_NANO = 3_600_000_000_000n;

type Asked = Pick<Question.Traces, 'range' | 'environment' | 'synthetic' | 'filter'>;

export function slicesOfTraces(context: ReadContext, { range }: Asked): Slice[] {
  const from = nanosOf(range.from_ms) - SPREAD_NANO;
  return context.slices.overlapping(Signal.traces, from, nanosOf(range.to_ms) + SPREAD_NANO);
}

/**
 * Summaries of the traces that began in the range and match, as a relation: `trace_id start_nano duration_nano spans
 * errors …`. A list reads summaries only; spans are looked at where the filter asks about spans.
 */
export function matchingTraces(slices: readonly Slice[], question: Asked, params: Params): string {
  const from = nanosOf(question.range.from_ms);
  const to = nanosOf(question.range.to_ms);
  const near = `start_nano < ${params.integer(to + SPREAD_NANO)} AND end_nano >= ${params.integer(from - SPREAD_NANO)}`;
  const parts = unionOf(slices, (catalog) => `SELECT * EXCLUDE (services) FROM ${catalog}.traces WHERE ${near}`);
  const having = [`min(start_nano) >= ${params.integer(from)} AND min(start_nano) < ${params.integer(to)}`];
  if (question.environment !== '') having.push(`bool_or(environment = ${params.text(question.environment)})`);
  having.push(...syntheticTerm(question.synthetic));
  const reach = filterReach(question.filter);
  const target = spanTarget(params);
  const condition = filterSql(question.filter, target);
  let where = 'TRUE';
  if (reach.span) {
    const items = itemsSql('spans', slices, target.attributes, params, {
      where: `s.start_nano >= ${params.integer(from)} AND s.start_nano < ${params.integer(to + SPREAD_NANO)}`,
    });
    const join = reach.trace ? 'JOIN summaries t ON t.trace_id = i.trace_id' : '';
    where = `trace_id IN (SELECT i.trace_id FROM ${items} ${join} WHERE ${condition})`;
  } else if (reach.trace) where = condition;
  return `(WITH summaries AS (
      SELECT trace_id, min(start_nano) AS start_nano, max(end_nano) - min(start_nano) AS duration_nano,
        sum(spans)::BIGINT AS spans, sum(errors)::BIGINT AS errors, max(has_root) AS has_root,
        coalesce(arg_min(root_service, root_start_nano) FILTER (has_root = 1), '') AS root_service,
        coalesce(arg_min(root_name, root_start_nano) FILTER (has_root = 1), '') AS root_name,
        max(correlation_id) AS correlation_id, max(saga_id) AS saga_id, max(synthetic_check) AS synthetic_check
      FROM ${parts} GROUP BY trace_id HAVING ${having.join(' AND ')})
    SELECT t.* FROM summaries t WHERE ${where})`;
}

function syntheticTerm(synthetic: SyntheticTraffic): string[] {
  if (synthetic === 'include') return [];
  return [`max(synthetic) = ${synthetic === 'only' ? 1 : 0}`];
}
