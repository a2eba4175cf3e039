import type { LogList, SpanCategory, SpanDetail, Trace, TraceSpans } from '../../../api/contract/index.js';
import { assembleTrace } from '../../../project/trace/assemble-trace.js';
import { CATEGORY_KEYS } from '../../../project/trace/span-category.js';
import type { SpanRow } from '../../../project/trace/span-row.js';
import { SPAN_KINDS, SPAN_STATUSES } from '../../../query/columns.js';
import type { Slice } from '../slice.js';
import { AttributeJoins } from './attribute-sql.js';
import { ask, type ReadContext, unionOf } from './context.js';
import { hexOf, hexOrEmpty } from './encode-values.js';
import { detailsOf, itemsSql } from './items-sql.js';
import { Params } from './params.js';
import type { Row } from './query-runner.js';
import { logRow } from './read-logs.js';

/** Spans of one trace that are put on a screen. */
const MAX_SPANS = 100_000;
const MAX_LOGS = 1000;
const MAX_LINKED = 50;
/** Spans whose links are looked at, for either direction. */
const MAX_LINKING = 1000;

export async function readTrace(context: ReadContext, traceId: string, signal: AbortSignal): Promise<Trace | null> {
  const slices = await context.filters.ofTrace(traceId);
  const params = new Params();
  const category = CATEGORY_KEYS.map(
    ([name, keys]) => `WHEN list_has_any(keys, [${keys.map((key) => `'${key}'`).join(', ')}]) THEN '${name}'`,
  ).join(' ');
  const spans = ask(
    context,
    slices,
    params,
    () => {
      const id = params.id(traceId);
      return `SELECT * FROM ${unionOf(
        slices,
        (catalog) => `SELECT s.span_id, s.parent_id, s.name, s.kind, s.status, s.start_nano, s.duration_nano,
            s.event_count, s.link_count, r.service, r.instance, r.host, f.category
          FROM ${catalog}.spans s
          JOIN (SELECT id, service, instance, coalesce(vals[list_position(keys, 'host.name')], '') AS host
            FROM ${catalog}.resources) r ON r.id = s.resource
          JOIN (SELECT id, CASE ${category} ELSE 'internal' END AS category FROM ${catalog}.shapes) f ON f.id = s.shape
          WHERE s.trace_id = ${id}`,
      )} ORDER BY start_nano LIMIT ${MAX_SPANS + 1}`;
    },
    signal,
  );
  // All at once: each takes longer to plan than to answer, and there is more than one thread.
  const [rows, facts, logs, linking] = await Promise.all([
    spans,
    readFacts(context, slices, traceId, signal),
    countLogs(context, traceId, signal),
    linkingTraces(context, slices, traceId, signal),
  ]);
  if (rows.length === 0) return null;
  const hasLinks = rows.some((row) => (row.link_count as number) > 0);
  const named = hasLinks ? await linkedTraces(context, slices, traceId, signal) : [];
  const linked = [...new Set([...named, ...linking])].filter((id) => id !== traceId && id !== '');
  return assembleTrace({
    traceId,
    spans: rows.slice(0, MAX_SPANS).map(spanRow),
    ...facts,
    logs,
    linkedTraces: linked.slice(0, MAX_LINKED),
    truncated: rows.length > MAX_SPANS,
  });
}

export async function readSpan(
  context: ReadContext,
  traceId: string,
  spanId: string,
  signal: AbortSignal,
): Promise<SpanDetail | null> {
  const rows = await detailedSpans(context, traceId, spanId, 1, signal);
  return rows[0] ? spanDetail(rows[0]) : null;
}

export async function readTraceSpans(
  context: ReadContext,
  traceId: string,
  limit: number,
  signal: AbortSignal,
): Promise<TraceSpans | null> {
  const rows = await detailedSpans(context, traceId, null, limit + 1, signal);
  if (rows.length === 0) return null;
  return { spans: rows.slice(0, limit).map(spanDetail), truncated: rows.length > limit };
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

async function detailedSpans(
  context: ReadContext,
  traceId: string,
  spanId: string | null,
  limit: number,
  signal: AbortSignal,
): Promise<Row[]> {
  const slices = await context.filters.ofTrace(traceId);
  const params = new Params();
  return await ask(
    context,
    slices,
    params,
    () => {
      const where = [`s.trace_id = ${params.id(traceId)}`];
      if (spanId !== null) where.push(`s.span_id = ${params.id(spanId)}`);
      const items = itemsSql('spans', slices, new AttributeJoins(), params, {
        where: where.join(' AND '),
        detailed: true,
      });
      return `SELECT * FROM ${items} ORDER BY start_nano, span_id LIMIT ${limit}`;
    },
    signal,
  );
}

async function readFacts(context: ReadContext, slices: readonly Slice[], traceId: string, signal: AbortSignal) {
  const params = new Params();
  const rows = await ask(
    context,
    slices,
    params,
    () => {
      const id = params.id(traceId);
      return `SELECT max(correlation_id) AS correlation, max(saga_id) AS saga, max(synthetic_check) AS made FROM ${unionOf(
        slices,
        (catalog) => `SELECT correlation_id, saga_id, synthetic_check FROM ${catalog}.traces WHERE trace_id = ${id}`,
      )}`;
    },
    signal,
  );
  return {
    correlationId: (rows[0]?.correlation as string | null) ?? '',
    sagaId: (rows[0]?.saga as string | null) ?? '',
    syntheticCheck: (rows[0]?.made as string | null) ?? '',
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
      return `SELECT sum(n)::INTEGER AS n FROM ${unionOf(
        slices,
        (catalog) => `SELECT count(*) AS n FROM ${catalog}.logs WHERE trace_id = ${id}`,
      )}`;
    },
    signal,
  );
  return (rows[0]?.n as number | undefined) ?? 0;
}

/** Traces in the same slices whose links name this one. */
async function linkingTraces(
  context: ReadContext,
  slices: readonly Slice[],
  traceId: string,
  signal: AbortSignal,
): Promise<string[]> {
  const params = new Params();
  const rows = await ask(
    context,
    slices,
    params,
    () => {
      const text = params.text(traceId);
      const spans = unionOf(
        slices,
        (catalog) => `SELECT trace_id FROM ${catalog}.spans WHERE link_count > 0 AND contains(links, ${text})`,
      );
      return `SELECT trace_id FROM ${spans} LIMIT ${MAX_LINKING}`;
    },
    signal,
  );
  return rows.map((row) => hexOf(row.trace_id, 32));
}

/** Traces that links of this one name. */
async function linkedTraces(
  context: ReadContext,
  slices: readonly Slice[],
  traceId: string,
  signal: AbortSignal,
): Promise<string[]> {
  const params = new Params();
  const rows = await ask(
    context,
    slices,
    params,
    () => {
      const id = params.id(traceId);
      const spans = unionOf(
        slices,
        (catalog) => `SELECT links FROM ${catalog}.spans WHERE trace_id = ${id} AND link_count > 0`,
      );
      return `SELECT links FROM ${spans} LIMIT ${MAX_LINKING}`;
    },
    signal,
  );
  return rows.flatMap((row) =>
    (JSON.parse(row.links as string) as { trace_id: string }[]).map((link) => link.trace_id),
  );
}

function spanRow(row: Row): SpanRow {
  const start = row.start_nano as bigint;
  return {
    spanId: hexOf(row.span_id, 16),
    parentSpanId: hexOrEmpty(row.parent_id, 16),
    service: row.service as string,
    instance: row.instance as string,
    host: row.host as string,
    name: row.name as string,
    kind: SPAN_KINDS[row.kind as number] ?? 'unspecified',
    status: SPAN_STATUSES[row.status as number] ?? 'unset',
    category: row.category as SpanCategory,
    startNano: start,
    endNano: start + (row.duration_nano as bigint),
    events: row.event_count as number,
    links: row.link_count as number,
  };
}

function spanDetail(row: Row): SpanDetail {
  const start = row.start_nano as bigint;
  const duration = row.duration_nano as bigint;
  const end = start + duration;
  return {
    trace_id: hexOf(row.trace_id, 32),
    span_id: hexOf(row.span_id, 16),
    parent_span_id: hexOrEmpty(row.parent_id, 16),
    service: row.service as string,
    name: row.name as string,
    kind: SPAN_KINDS[row.kind as number] ?? 'unspecified',
    status: SPAN_STATUSES[row.status as number] ?? 'unset',
    status_message: row.status_message as string,
    trace_state: row.trace_state as string,
    start: start.toString(),
    end: (end < 0n ? 0n : end).toString(),
    duration_ms: Math.max(0, Number(duration) / 1e6),
    ...detailsOf(row, 'spans'),
    scope: { name: row.scope_name as string, version: row.scope_version as string },
    events: row.events === '' ? [] : (JSON.parse(row.events as string) as SpanDetail['events']),
    links: row.links === '' ? [] : (JSON.parse(row.links as string) as SpanDetail['links']),
  };
}
