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

/** Where summaries are computed from: traces come from what some slices hold, all their parts from more. */
export interface TraceSlices {
  /** Slices that a trace must have a matching span in, or a part of it where the filter asks nothing of spans. */
  matched: readonly Slice[];
  /** Slices that may hold parts of such traces. */
  parts: readonly Slice[];
}

/**
 * Summaries of the traces that began in the range and match, as a relation: `trace_id start_nano duration_nano spans
 * errors …`. A list reads summaries only; spans are looked at where the filter asks about spans.
 */
export function matchingTraces(slices: TraceSlices, question: Asked, params: Params): string {
  const from = nanosOf(question.range.from_ms);
  const to = nanosOf(question.range.to_ms);
  const near = `start_nano < ${params.integer(to + SPREAD_NANO)} AND end_nano >= ${params.integer(from - SPREAD_NANO)}`;
  const parts = unionOf(slices.parts, (catalog) => `SELECT * EXCLUDE (services) FROM ${catalog}.traces WHERE ${near}`);
  const having = [`min(start_nano) >= ${params.integer(from)} AND min(start_nano) < ${params.integer(to)}`];
  if (question.environment !== '') having.push(`bool_or(environment = ${params.text(question.environment)})`);
  having.push(...syntheticTerm(question.synthetic));
  const reach = filterReach(question.filter);
  const target = spanTarget(params);
  const condition = filterSql(question.filter, target);
  const terms: string[] = [];
  let wanted: string | null = null;
  if (reach.span) {
    const items = itemsSql('spans', slices.matched, target.attributes, params, {
      where: `s.start_nano >= ${params.integer(from)} AND s.start_nano < ${params.integer(to + SPREAD_NANO)}`,
    });
    if (reach.trace) {
      const join = 'JOIN summaries t ON t.trace_id = i.trace_id';
      terms.push(`trace_id IN (SELECT i.trace_id FROM ${items} ${join} WHERE ${condition})`);
    } else wanted = `SELECT DISTINCT i.trace_id FROM ${items} WHERE ${condition}`;
  } else {
    if (reach.trace) terms.push(condition);
    if (slices.matched.length < slices.parts.length) {
      wanted = unionOf(slices.matched, (catalog) => `SELECT trace_id FROM ${catalog}.traces WHERE ${near}`);
    }
  }
  const chosen = wanted === null ? '' : 'WHERE trace_id IN (SELECT trace_id FROM wanted)';
  return `(WITH ${wanted === null ? '' : `wanted AS MATERIALIZED (${wanted}),`} summaries AS (
      SELECT trace_id, min(start_nano) AS start_nano, max(end_nano) - min(start_nano) AS duration_nano,
        sum(spans)::BIGINT AS spans, sum(errors)::BIGINT AS errors, max(has_root) AS has_root,
        coalesce(arg_min(root_service, root_start_nano) FILTER (has_root = 1), '') AS root_service,
        coalesce(arg_min(root_name, root_start_nano) FILTER (has_root = 1), '') AS root_name,
        max(correlation_id) AS correlation_id, max(saga_id) AS saga_id, max(synthetic_check) AS synthetic_check
      FROM ${parts} ${chosen} GROUP BY trace_id HAVING ${having.join(' AND ')})
    SELECT t.* FROM summaries t ${terms.length > 0 ? `WHERE ${terms.join(' AND ')}` : ''})`;
}

/** Those of `all` that may hold parts of traces which `matched` holds. */
export function slicesBeside(matched: readonly Slice[], all: readonly Slice[]): Slice[] {
  const extents = matched.flatMap((slice) => slice.extents.get(Signal.traces) ?? []);
  const from = extents.reduce((low, { minNano }) => (minNano < low ? minNano : low), extents[0]?.minNano ?? 0n);
  const to = extents.reduce((high, { maxNano }) => (maxNano > high ? maxNano : high), 0n);
  return all.filter((slice) => {
    const extent = slice.extents.get(Signal.traces);
    return extent !== undefined && extent.maxNano >= from - SPREAD_NANO && extent.minNano <= to + SPREAD_NANO;
  });
}

function syntheticTerm(synthetic: SyntheticTraffic): string[] {
  if (synthetic === 'include') return [];
  return [`max(synthetic) = ${synthetic === 'only' ? 1 : 0}`];
}
