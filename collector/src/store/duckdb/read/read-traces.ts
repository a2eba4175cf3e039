import type { TraceHistogram, TraceList, TraceSummary } from '../../../api/contract/index.js';
import { Signal } from '../../../log/log-record.js';
import { summaryServices } from '../../../project/trace/summary-services.js';
import { cursorText, cursorValues } from '../../answers/cursor.js';
import { gridOf } from '../../answers/time-steps.js';
import type * as Question from '../../question.js';
import { traceServices } from '../fact-text.js';
import type { Slice, SliceExtent } from '../slice.js';
import { ask, type ReadContext } from './context.js';
import { hexOf, listOf } from './encode-values.js';
import { Params } from './params.js';
import { pruneSlices } from './prune-slices.js';
import type { Row } from './query-runner.js';
import {
  findTraces,
  matchingTraces,
  resourcesOfService,
  slicesBeside,
  slicesOfTraces,
  summariesAt,
  type TraceSlices,
} from './trace-summaries.js';

type TraceService = TraceSummary['services'][number];

const HISTOGRAM_POINTS = 60;
/** Slices that are looked into first for the newest or oldest traces; then twice as many, and so on. */
const FIRST_SLICES = 2;
const SORT_COLUMNS = { start: 'start_nano', duration: 'duration_nano', spans: 'spans', errors: 'errors' } as const;

export async function readTraces(
  context: ReadContext,
  question: Question.Traces,
  signal: AbortSignal,
): Promise<TraceList> {
  const slices = slicesOfTraces(context, question);
  const column = SORT_COLUMNS[question.sort];
  const matched = await pruneSlices(context, slices, question.filter, signal);
  const resources = await resourcesOfService(context, matched, question, signal);
  const rows =
    question.sort === 'start'
      ? await rowsByStart(context, { matched, parts: slices, resources }, question, signal)
      : await rowsOf(context, { matched, parts: slices, resources }, question, signal);
  const page = rows.slice(0, question.limit);
  const services = await servicesOf(context, slices, page, signal);
  const traces = page.map(
    (row): TraceSummary => ({
      trace_id: hexOf(row.trace_id, 32),
      root_service: row.root_service as string,
      root_name: row.root_name as string,
      start: String(row.start_nano),
      duration_ms: Number(row.duration_nano) / 1e6,
      spans: Number(row.spans),
      errors: Number(row.errors),
      ...summaryServices(services.get(row.trace_id as bigint) ?? []),
      correlation_id: row.correlation_id as string,
      saga_id: row.saga_id as string,
      synthetic_check: row.synthetic_check as string,
      complete: row.has_root === 1,
    }),
  );
  const last = page.at(-1);
  const hasMore = rows.length > question.limit && last !== undefined;
  return {
    range: question.range,
    traces,
    next_cursor: hasMore ? cursorText([String(last[column]), hexOf(last.trace_id, 32)]) : null,
    truncated: hasMore,
    sampled: false,
  };
}

/** The first rows of the list, one more than asked for, as these slices have them. */
async function rowsOf(
  context: ReadContext,
  slices: TraceSlices,
  question: Question.Traces,
  signal: AbortSignal,
): Promise<Row[]> {
  if (slices.matched.length === 0) return [];
  const found = await findTraces(context, slices, question, signal);
  if (found?.size === 0) return [];
  const params = new Params();
  const column = SORT_COLUMNS[question.sort];
  const place = question.cursor === undefined ? undefined : cursorValues(question.cursor, ['integer', 'id']);
  return await ask(
    context,
    found ? [...found.keys()] : slices.parts,
    params,
    () => {
      const matching = matchingTraces(slices, question, params, found);
      const order = question.order === 'asc' ? 'ASC' : 'DESC';
      let after = '';
      if (place !== undefined) {
        const [key, id] = place;
        const beyond = question.order === 'asc' ? '>' : '<';
        after = `WHERE (${column}, trace_id) ${beyond} (${params.integer(BigInt(key))}, ${params.id(id)})`;
      }
      return `SELECT * FROM ${matching} ${after} ORDER BY ${column} ${order}, trace_id ${order} LIMIT ${question.limit + 1}`;
    },
    signal,
  );
}

/**
 * The same, a few slices at a time from the end of time that is asked for first, until no trace of the slices that
 * are left can come before those that were found.
 */
async function rowsByStart(
  context: ReadContext,
  { matched, parts, resources }: TraceSlices,
  question: Question.Traces,
  signal: AbortSignal,
): Promise<Row[]> {
  const isNewestFirst = question.order === 'desc';
  const edge = (slice: Slice) => {
    const extent = slice.extents.get(Signal.traces) as SliceExtent;
    return isNewestFirst ? extent.maxNano : extent.minNano;
  };
  const before = (a: bigint, b: bigint) => (a === b ? 0 : a > b === isNewestFirst ? -1 : 1);
  const left = matched.toSorted((a, b) => before(edge(a), edge(b)));
  const found = new Map<bigint, Row>();
  for (let size = FIRST_SLICES; left.length > 0; size *= 2) {
    const some = left.splice(0, size);
    const rows = await rowsOf(
      context,
      { matched: some, parts: slicesBeside(some, parts), resources },
      question,
      signal,
    );
    for (const row of rows) found.set(row.trace_id as bigint, row);
    const next = left[0];
    if (!next) break;
    const certain = [...found.values()].filter((row) => before(row.start_nano as bigint, edge(next)) < 0);
    if (certain.length > question.limit) break;
  }
  return [...found.values()]
    .sort(
      (a, b) =>
        before(a.start_nano as bigint, b.start_nano as bigint) || before(a.trace_id as bigint, b.trace_id as bigint),
    )
    .slice(0, question.limit + 1);
}

export async function readTraceHistogram(
  context: ReadContext,
  question: Question.TraceHistogram,
  signal: AbortSignal,
): Promise<TraceHistogram> {
  const parts = slicesOfTraces(context, question);
  const matched = await pruneSlices(context, parts, question.filter, signal);
  const resources = await resourcesOfService(context, matched, question, signal);
  const grid = gridOf(question.range, HISTOGRAM_POINTS);
  const params = new Params();
  const rows = await ask(
    context,
    matched.length > 0 ? parts : [],
    params,
    () => `SELECT (((start_nano // 1000000) - ${params.integer(grid.t0_ms)}) // ${params.integer(grid.step_ms)})::INTEGER AS step,
        count(*)::INTEGER AS traces, (count(*) FILTER (errors > 0))::INTEGER AS failed
      FROM ${matchingTraces({ matched, parts, resources }, question, params)} GROUP BY step`,
    signal,
  );
  const traces = Array.from<number>({ length: grid.points }).fill(0);
  const errors = Array.from<number>({ length: grid.points }).fill(0);
  for (const row of rows) {
    traces[row.step as number] = row.traces as number;
    errors[row.step as number] = row.failed as number;
  }
  return {
    range: question.range,
    t0_ms: grid.t0_ms,
    step_ms: grid.step_ms,
    traces,
    errors,
    total: traces.reduce((sum, count) => sum + count, 0),
    truncated: false,
    sampled: false,
  };
}

/** Services of some traces, in order of first appearance. */
async function servicesOf(
  context: ReadContext,
  slices: readonly Slice[],
  traces: readonly Row[],
  signal: AbortSignal,
): Promise<Map<bigint, TraceService[]>> {
  const known = traces.flatMap((row) =>
    row.services === undefined
      ? []
      : listOf<string>(row.services).map((services): Row => ({ trace_id: row.trace_id, services })),
  );
  const others = traces.flatMap((row) => (row.services === undefined ? [row.trace_id as bigint] : []));
  return mergedServices([...known, ...(await storedServices(context, slices, others, signal))]);
}

async function storedServices(
  context: ReadContext,
  slices: readonly Slice[],
  ids: readonly bigint[],
  signal: AbortSignal,
): Promise<Row[]> {
  if (ids.length === 0) return [];
  const texts = ids.map((id) => hexOf(id, 32));
  const places = await context.filters.placesOfTraces(texts, slices);
  const params = new Params();
  const sql = () => summariesAt(places, 'trace_id, services', params);
  return await ask(context, [...places.keys()], params, sql, signal);
}

function mergedServices(rows: readonly Row[]): Map<bigint, TraceService[]> {
  const merged = new Map<bigint, Map<string, TraceService & { firstNano: bigint }>>();
  for (const row of rows) {
    const id = row.trace_id as bigint;
    const known = merged.get(id) ?? new Map<string, TraceService & { firstNano: bigint }>();
    merged.set(id, known);
    for (const part of traceServices(row.services as string)) {
      const service = known.get(part.service);
      if (!service) known.set(part.service, { ...part });
      else {
        service.spans += part.spans;
        service.errors += part.errors;
        if (part.firstNano < service.firstNano) service.firstNano = part.firstNano;
      }
    }
  }
  return new Map(
    [...merged].map(([id, services]) => [
      id,
      [...services.values()]
        .sort((a, b) => (a.firstNano < b.firstNano ? -1 : a.firstNano > b.firstNano ? 1 : 0))
        .map(({ service, spans, errors }) => ({ service, spans, errors })),
    ]),
  );
}
