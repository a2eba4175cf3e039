import type { SyntheticTraffic } from '../../../api/contract/index.js';
import { Signal } from '../../../log/log-record.js';
import { nanosOf } from '../../answers/time-steps.js';
import type * as Question from '../../question.js';
import type { Slice } from '../slice.js';
import { ask, type ReadContext, unionOf } from './context.js';
import { hexOf } from './encode-values.js';
import { filterSql } from './filter-sql.js';
import { filterReach, spanTarget } from './filter-targets.js';
import { itemsSql, usedColumns } from './items-sql.js';
import { Params } from './params.js';
import { leastDuration, requiredText } from './prune-slices.js';

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
  /** Of the service that every matching span is of, where the filter says that: see {@link resourcesOfService}. */
  resources: ServiceResources;
}

/** Ids of a service's resources, by those slices where they are known. */
export type ServiceResources = ReadonlyMap<Slice, readonly number[]>;

/** Traces that were found to match before, by the slices that may hold parts of them. */
export type TracePlaces = ReadonlyMap<Slice, readonly string[]>;

/** Matching spans that are looked at before summaries are, at most: beyond, DuckDB does both in one statement. */
const MAX_FOUND_SPANS = 1000;
/** Traces whose summaries are read by their ids, at most. */
const MAX_FOUND_TRACES = 200;

/** A service's resources in a slice up to which they are named: more are joined faster. */
const MAX_RESOURCES = 50;

/** Resources of the service that every span which the filter matches is of: to join them takes DuckDB longer to plan. */
export async function resourcesOfService(
  context: ReadContext,
  slices: readonly Slice[],
  { filter }: Asked,
  signal: AbortSignal,
): Promise<ServiceResources> {
  const wanted = requiredText(filter, 'service');
  if (wanted === null || !filterReach(filter).span) return new Map();
  const known = await context.resources.of(slices, signal);
  return new Map(
    [...known].flatMap(([slice, entries]) => {
      const ids = entries.flatMap(({ id, service }) => (service === wanted ? id : []));
      return ids.length > MAX_RESOURCES ? [] : [[slice, ids] as const];
    }),
  );
}

/** Slices with matching traces up to which the services of all of them are read with their summaries. */
const FEW_SLICES = 8;

/**
 * Where the traces lie that a filter which asks about spans alone matches, found in their spans; null when they are
 * many, or when the filter asks for more. Summaries are then read of these few traces, in the slices that hold them.
 */
export async function findTraces(
  context: ReadContext,
  slices: TraceSlices,
  question: Asked,
  signal: AbortSignal,
): Promise<TracePlaces | null> {
  const reach = filterReach(question.filter);
  if (!reach.span || reach.trace) return null;
  const params = new Params();
  const rows = await ask(
    context,
    slices.matched,
    params,
    () => `${matchingSpans(slices, question, params)} LIMIT ${MAX_FOUND_SPANS + 1}`,
    signal,
  );
  const ids = [...new Set(rows.map((row) => hexOf(row.trace_id, 32)))];
  if (rows.length > MAX_FOUND_SPANS || ids.length > MAX_FOUND_TRACES) return null;
  const places = await context.filters.placesOfTraces(ids, slices.parts);
  // The filter of a slice that is written to may know of a commit a moment later than a question does.
  for (const slice of slices.matched) if (!slice.sealed && ids.length > 0) places.set(slice, ids);
  return places;
}

/** Rows of some traces' summaries in the slices that may hold them. */
export function summariesAt(places: TracePlaces, columns: string, params: Params, where = 'TRUE'): string {
  return unionOf([...places.keys()], (catalog, slice) => {
    const ids = places.get(slice) as readonly string[];
    return `SELECT ${columns} FROM ${catalog}.traces WHERE list_contains(${params.ids(ids)}, trace_id) AND ${where}`;
  });
}

/** Traces, some of them more than once, with a span in the range that the filter matches. */
function matchingSpans({ matched, resources }: TraceSlices, question: Asked, params: Params): string {
  const target = spanTarget(params);
  const condition = filterSql(question.filter, target);
  const service = requiredText(question.filter, 'service');
  let text: string | undefined;
  const known = () => (text ??= params.text(service ?? ''));
  const where = spansWhere(question, params);
  return `SELECT i.trace_id FROM ${itemsSql('spans', matched, target.attributes, params, {
    where: (slice) => `${where(slice)} AND ${ofResources(resources.get(slice))}`,
    serviceOf: (slice) => (resources.has(slice) ? known : undefined),
    columns: usedColumns(`i.trace_id ${condition}`),
  })} WHERE ${condition}`;
}

function ofResources(ids: readonly number[] | undefined): string {
  if (ids === undefined) return 'TRUE';
  return ids.length === 0 ? 'FALSE' : `list_contains([${ids.join(', ')}], s.resource)`;
}

/** What can be said of spans by their own columns, which DuckDB looks at before it reads others. */
function spansWhere({ range, filter }: Asked, params: Params): (slice: Slice) => string {
  const [fromNano, toNano] = [nanosOf(range.from_ms), nanosOf(range.to_ms) + SPREAD_NANO];
  let started: string | undefined;
  const least = leastDuration(filter);
  const name = requiredText(filter, 'name');
  const terms = [
    ...(least > 0n ? [`s.duration_nano >= ${params.integer(least)}`] : []),
    ...(name === null ? [] : [`s.name = ${params.text(name)}`]),
  ];
  const own = terms.length > 0 ? terms.join(' AND ') : 'TRUE';
  return ({ sealed, extents }) => {
    const extent = extents.get(Signal.traces);
    const isWithin = sealed !== null && extent !== undefined && extent.minNano >= fromNano && extent.maxNano < toNano;
    if (isWithin) return own;
    started ??= `s.start_nano >= ${params.integer(fromNano)} AND s.start_nano < ${params.integer(toNano)}`;
    return `${started} AND ${own}`;
  };
}

/**
 * Summaries of the traces that began in the range and match, as a relation: `trace_id start_nano duration_nano spans
 * errors …`, and what parts say of `services` where the traces were found in a few slices. A list reads summaries only; spans are
 * looked at where the filter asks about spans.
 */
export function matchingTraces(
  slices: TraceSlices,
  question: Asked,
  params: Params,
  found: TracePlaces | null = null,
): string {
  const from = nanosOf(question.range.from_ms);
  const to = nanosOf(question.range.to_ms);
  const near = `start_nano < ${params.integer(to + SPREAD_NANO)} AND end_nano >= ${params.integer(from - SPREAD_NANO)}`;
  // In a few slices it costs less to read services at once than to ask for those of a page afterwards.
  const withServices = found !== null && found.size <= FEW_SLICES;
  const columns = withServices ? '*' : '* EXCLUDE (services)';
  const parts = found
    ? summariesAt(found, columns, params, near)
    : unionOf(slices.parts, (catalog) => `SELECT ${columns} FROM ${catalog}.traces WHERE ${near}`);
  const having = [`min(start_nano) >= ${params.integer(from)} AND min(start_nano) < ${params.integer(to)}`];
  if (question.environment !== '') having.push(`bool_or(environment = ${params.text(question.environment)})`);
  having.push(...syntheticTerm(question.synthetic));
  const reach = filterReach(question.filter);
  const terms: string[] = [];
  let wanted: string | null = null;
  if (reach.span && reach.trace) {
    const target = spanTarget(params);
    const condition = filterSql(question.filter, target);
    const items = itemsSql('spans', slices.matched, target.attributes, params, { where: spansWhere(question, params) });
    const join = 'JOIN summaries t ON t.trace_id = i.trace_id';
    terms.push(`trace_id IN (SELECT i.trace_id FROM ${items} ${join} WHERE ${condition})`);
  } else if (reach.span) {
    if (!found) wanted = `SELECT DISTINCT trace_id FROM (${matchingSpans(slices, question, params)})`;
  } else {
    if (reach.trace) terms.push(filterSql(question.filter, spanTarget(params)));
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
        ${withServices ? ', list(services) AS services' : ''}
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
