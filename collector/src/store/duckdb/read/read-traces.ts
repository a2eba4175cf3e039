import type { TraceHistogram, TraceList, TraceSummary } from '../../../api/contract/index.js';
import { gridOf } from '../../answers/time-steps.js';
import type * as Question from '../../question.js';
import { traceServices } from '../fact-text.js';
import type { Slice } from '../slice.js';
import { ask, type ReadContext, unionOf } from './context.js';
import { cursorParts, cursorText } from './cursor-text.js';
import { hexOf } from './encode-values.js';
import { Params } from './params.js';
import { matchingTraces, slicesOfTraces } from './trace-summaries.js';

type TraceService = TraceSummary['services'][number];

const HISTOGRAM_POINTS = 60;
const MAX_SERVICES = 20;
const SORT_COLUMNS = { start: 'start_nano', duration: 'duration_nano', spans: 'spans', errors: 'errors' } as const;

export async function readTraces(
  context: ReadContext,
  question: Question.Traces,
  signal: AbortSignal,
): Promise<TraceList> {
  const slices = slicesOfTraces(context, question);
  const params = new Params();
  const column = SORT_COLUMNS[question.sort];
  const place = question.cursor === undefined ? undefined : cursorParts(question.cursor, ['integer', 'id']);
  const rows = await ask(
    context,
    slices,
    params,
    () => {
      const matching = matchingTraces(slices, question, params);
      const order = question.order === 'asc' ? 'ASC' : 'DESC';
      let after = '';
      if (place !== undefined) {
        const [key, id] = place as [string, string];
        const beyond = question.order === 'asc' ? '>' : '<';
        after = `WHERE (${column}, trace_id) ${beyond} (${params.integer(BigInt(key))}, ${params.id(id)})`;
      }
      return `SELECT * FROM ${matching} ${after} ORDER BY ${column} ${order}, trace_id ${order} LIMIT ${question.limit + 1}`;
    },
    signal,
  );
  const page = rows.slice(0, question.limit);
  const services = await servicesOf(
    context,
    slices,
    page.map((row) => row.trace_id as bigint),
    signal,
  );
  const traces = page.map(
    (row): TraceSummary => ({
      trace_id: hexOf(row.trace_id, 32),
      root_service: row.root_service as string,
      root_name: row.root_name as string,
      start: String(row.start_nano),
      duration_ms: Number(row.duration_nano) / 1e6,
      spans: Number(row.spans),
      errors: Number(row.errors),
      services: services.get(row.trace_id as bigint) ?? [],
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

export async function readTraceHistogram(
  context: ReadContext,
  question: Question.TraceHistogram,
  signal: AbortSignal,
): Promise<TraceHistogram> {
  const slices = slicesOfTraces(context, question);
  const grid = gridOf(question.range, HISTOGRAM_POINTS);
  const params = new Params();
  const rows = await ask(
    context,
    slices,
    params,
    () => `SELECT (((start_nano // 1000000) - ${params.integer(grid.t0_ms)}) // ${params.integer(grid.step_ms)})::INTEGER AS step,
        count(*)::INTEGER AS traces, (count(*) FILTER (errors > 0))::INTEGER AS failed
      FROM ${matchingTraces(slices, question, params)} GROUP BY step`,
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
  ids: readonly bigint[],
  signal: AbortSignal,
): Promise<Map<bigint, TraceService[]>> {
  if (ids.length === 0) return new Map();
  const params = new Params();
  const rows = await ask(
    context,
    slices,
    params,
    () => {
      const wanted = ids.map((id) => params.id(hexOf(id, 32))).join(', ');
      return `SELECT trace_id, services FROM ${unionOf(
        slices,
        (catalog) => `SELECT trace_id, services FROM ${catalog}.traces WHERE trace_id IN (${wanted})`,
      )}`;
    },
    signal,
  );
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
        .slice(0, MAX_SERVICES)
        .map(({ service, spans, errors }) => ({ service, spans, errors })),
    ]),
  );
}
