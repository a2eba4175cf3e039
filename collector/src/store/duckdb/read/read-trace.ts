import type { LogList, SpanCategory, Trace } from '../../../api/contract/index.js';
import { assembleTrace } from '../../../project/trace/assemble-trace.js';
import type { SpanRow } from '../../../project/trace/span-row.js';
import { SPAN_KINDS, SPAN_STATUSES } from '../../../query/columns.js';
import { groupBy } from '../../answers/group-by.js';
import { promotedColumn } from '../schema.js';
import type { Slice } from '../slice.js';
import { AttributeJoins } from './attribute-sql.js';
import { ask, type ReadContext, unionOf } from './context.js';
import { hexOf, hexOrEmpty } from './encode-values.js';
import { itemsSql } from './items-sql.js';
import { tracesLinkedFrom, tracesLinkingTo } from './linked-traces.js';
import { Params } from './params.js';
import type { Row } from './query-runner.js';
import { logRow } from './read-logs.js';
import type { KnownResource } from './span-dictionaries.js';

/** Spans of one trace that are put on a screen. */
const MAX_SPANS = 100_000;
const MAX_LOGS = 1000;
const MAX_LINKED = 50;
/** Columns of spans that a trace's summary was made from, in the order of {@link TraceFacts}. */
const FACTS = ['correlation.id', 'saga.id', 'synthetic.check'].map(promotedColumn);

interface TraceFacts {
  correlationId: string;
  sagaId: string;
  syntheticCheck: string;
}

export async function readTrace(context: ReadContext, traceId: string, signal: AbortSignal): Promise<Trace | null> {
  const slices = await context.filters.ofTrace(traceId);
  // All at once: each takes longer to plan than to answer, and there is more than one thread.
  const [rows, logs, linking] = await Promise.all([
    readSpans(context, slices, traceId, signal),
    countLogs(context, traceId, signal),
    tracesLinkingTo(context, slices, traceId, signal),
  ]);
  if (rows.length === 0) return null;
  const shown = rows.slice(0, MAX_SPANS);
  const hasLinks = rows.some((row) => (row.link_count as number) > 0);
  const isCut = rows.length > MAX_SPANS;
  const [spans, facts, named] = await Promise.all([
    spanRows(context, slices, shown, signal),
    (isCut ? null : factsOf(rows)) ?? readFacts(context, slices, traceId, signal),
    hasLinks ? tracesLinkedFrom(context, slices, traceId, signal) : { ids: [], isCut: false },
  ]);
  const linked = [...new Set([...named.ids, ...linking.ids])].filter((id) => id !== traceId && id !== '');
  return assembleTrace({
    traceId,
    spans,
    ...facts,
    logs,
    linkedTraces: linked.slice(0, MAX_LINKED),
    linkedTruncated: linked.length > MAX_LINKED || named.isCut || linking.isCut,
    truncated: isCut,
  });
}

export async function readTraceLogs(context: ReadContext, traceId: string, signal: AbortSignal): Promise<LogList> {
  const slices = await context.filters.ofTraceLogs(traceId);
  const params = new Params();
  const rows = await ask(
    context,
    slices,
    params,
    () => {
      const where = `s.trace_id = ${params.id(traceId)}`;
      const items = itemsSql('logs', slices, new AttributeJoins(), params, { where, detailed: true });
      return `SELECT * FROM ${items} ORDER BY time_nano, position, item LIMIT ${MAX_LOGS + 1}`;
    },
    signal,
  );
  const logs = rows.slice(0, MAX_LOGS).map(logRow);
  const times = logs.map((log) => Number(BigInt(log.time) / 1_000_000n));
  return {
    range: { from_ms: times[0] ?? 0, to_ms: (times.at(-1) ?? 0) + 1 },
    logs,
    next_cursor: null,
    truncated: rows.length > MAX_LOGS,
    sampled: false,
  };
}

/** Rows of the trace's spans by their start, `place` being that of their slice; one more than are shown at most. */
async function readSpans(
  context: ReadContext,
  slices: readonly Slice[],
  traceId: string,
  signal: AbortSignal,
): Promise<Row[]> {
  const read = async (order: string) => {
    const params = new Params();
    return await ask(
      context,
      slices,
      params,
      () => {
        const id = params.id(traceId);
        const parts = slices.map(
          ({ catalog }, place) => `SELECT span_id, parent_id, name, kind, status, start_nano, duration_nano,
            event_count, link_count, resource, shape, ${FACTS.join(', ')}, ${place} AS place FROM ${catalog}.spans WHERE trace_id = ${id}`,
        );
        return `${parts.join(' UNION ALL ')} ${order} LIMIT ${MAX_SPANS + 1}`;
      },
      signal,
    );
  };
  const rows = await read('');
  // Which of too many are left out is for DuckDB to say; a few are put in order faster than that is planned.
  if (rows.length > MAX_SPANS) return await read('ORDER BY start_nano');
  return rows.sort((a, b) => Number((a.start_nano as bigint) - (b.start_nano as bigint)));
}

/** Spans with what the dictionaries of their slices say of them. */
async function spanRows(
  { dictionaries }: ReadContext,
  slices: readonly Slice[],
  rows: readonly Row[],
  signal: AbortSignal,
): Promise<SpanRow[]> {
  const known = new Map(
    await Promise.all(
      [...groupBy(rows, (row) => row.place as number)].map(
        async ([place, own]) => [place, await dictionaries.of(slices[place] as Slice, own, signal)] as const,
      ),
    ),
  );
  return rows.flatMap((row) => {
    const of = known.get(row.place as number);
    const resource = of?.resources.get(row.resource as number);
    const category = of?.categories.get(row.shape as number);
    return resource && category ? [spanRow(row, resource, category)] : [];
  });
}

/**
 * What the spans say of their trace, all of them given; null when they disagree. Its summary has a value that some span
 * has, and then it matters which: {@link readFacts}.
 */
function factsOf(rows: readonly Row[]): TraceFacts | null {
  const values = FACTS.map((column) => new Set(rows.map((row) => row[column] as string | null).filter(Boolean)));
  if (values.some(({ size }) => size > 1)) return null;
  const [correlationId, sagaId, syntheticCheck] = values.map(([value]) => value ?? '');
  return { correlationId, sagaId, syntheticCheck } as TraceFacts;
}

/** What the summaries of the trace's parts say of it. */
async function readFacts(
  context: ReadContext,
  slices: readonly Slice[],
  traceId: string,
  signal: AbortSignal,
): Promise<TraceFacts> {
  const params = new Params();
  const rows = await ask(
    context,
    slices,
    params,
    () => {
      const id = params.id(traceId);
      return unionOf(
        slices,
        (catalog) => `SELECT correlation_id, saga_id, synthetic_check FROM ${catalog}.traces WHERE trace_id = ${id}`,
      );
    },
    signal,
  );
  const most = (column: string) => rows.map((row) => row[column] as string).reduce((a, b) => (b > a ? b : a), '');
  return {
    correlationId: most('correlation_id'),
    sagaId: most('saga_id'),
    syntheticCheck: most('synthetic_check'),
  };
}

async function countLogs(context: ReadContext, traceId: string, signal: AbortSignal): Promise<number> {
  const slices = await context.filters.ofTraceLogs(traceId);
  const params = new Params();
  const rows = await ask(
    context,
    slices,
    params,
    () => {
      const id = params.id(traceId);
      return unionOf(slices, (catalog) => `SELECT count(*)::INTEGER AS n FROM ${catalog}.logs WHERE trace_id = ${id}`);
    },
    signal,
  );
  return rows.reduce((sum, row) => sum + (row.n as number), 0);
}

function spanRow(row: Row, resource: KnownResource, category: SpanCategory): SpanRow {
  const start = row.start_nano as bigint;
  return {
    spanId: hexOf(row.span_id, 16),
    parentSpanId: hexOrEmpty(row.parent_id, 16),
    ...resource,
    name: row.name as string,
    kind: SPAN_KINDS[row.kind as number] ?? 'unspecified',
    status: SPAN_STATUSES[row.status as number] ?? 'unset',
    category,
    startNano: start,
    endNano: start + (row.duration_nano as bigint),
    events: row.event_count as number,
    links: row.link_count as number,
  };
}
