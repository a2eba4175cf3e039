import type { SpanDetail, TraceSpans } from '../../../api/contract/index.js';
import { SPAN_KINDS, SPAN_STATUSES } from '../../../query/columns.js';
import { AttributeJoins } from './attribute-sql.js';
import { ask, type ReadContext } from './context.js';
import { hexOf, hexOrEmpty } from './encode-values.js';
import { detailsOf, itemsSql } from './items-sql.js';
import { Params } from './params.js';
import type { Row } from './query-runner.js';

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
