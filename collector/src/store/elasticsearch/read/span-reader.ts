import type { SpanCategory, SpanDetail, SpanKind, SpanStatus, Trace, TraceSpans } from '../../../api/contract/index.js';
import { assembleTrace } from '../../../project/trace/assemble-trace.js';
import type { SpanRow } from '../../../project/trace/span-row.js';
import { traceOf } from '../delta-documents.js';
import { attributesOf } from './attributes.js';
import { byTime, type Search, type Source } from './search.js';

/** Spans of one trace that are put together for the screen. */
const TRACE_SPANS = 100_000;
const LINKED_TRACES = 50;

interface SpanDocument {
  trace_id: string;
  span_id: string;
  parent_span_id?: string;
  service: string;
  instance?: string;
  host?: string;
  name?: string;
  kind: SpanKind;
  status: SpanStatus;
  category: SpanCategory;
  status_message?: string;
  trace_state?: string;
  time: string;
  end: string;
  correlation_id?: string;
  saga_id?: string;
  scope?: string;
  events?: string;
  links?: string;
  event_count?: number;
  link_count?: number;
  linked_traces?: string[];
  attributes?: unknown;
  resource?: unknown;
}

const inOrder = [byTime('asc'), { log: 'asc' as const }, { position: 'asc' as const }, { row: 'asc' as const }];

export async function readTrace(search: Search, traceId: string, signal: AbortSignal): Promise<Trace | null> {
  const query = { bool: { filter: [{ term: { trace_id: traceId } }] } };
  const [spans, summaries, logs, pointing] = await Promise.all([
    search.all<SpanDocument>(
      'spans',
      { query, sort: inOrder, _source: { excludes: ['attributes', 'resource', 'events', 'links', 'scope'] } },
      TRACE_SPANS,
      signal,
    ),
    search.ask<Source>('traces', { query, size: 100 }, signal),
    search.count('logs', query, signal),
    search.ask(
      'spans',
      {
        query: { bool: { filter: [{ term: { linked_traces: traceId } }] } },
        size: 0,
        aggs: { traces: { terms: { field: 'trace_id', size: LINKED_TRACES + 2 } } },
      },
      signal,
    ),
  ]);
  if (spans.hits.length === 0) return null;
  const parts = summaries.hits.map(({ source }) => traceOf(source));
  const documents = spans.hits.map(({ source }) => source);
  const linked = new Set([
    ...documents.flatMap((span) => span.linked_traces ?? []),
    ...(pointing.aggregations['traces']?.buckets ?? []).map((bucket) => String(bucket.key)),
  ]);
  linked.delete(traceId);
  return assembleTrace({
    traceId,
    spans: documents.map(spanRow),
    correlationId: parts.find((part) => part.correlationId)?.correlationId ?? '',
    sagaId: parts.find((part) => part.sagaId)?.sagaId ?? '',
    syntheticCheck: parts.find((part) => part.syntheticCheck)?.syntheticCheck ?? '',
    logs,
    linkedTraces: [...linked].slice(0, LINKED_TRACES),
    linkedTruncated: linked.size > LINKED_TRACES,
    truncated: spans.truncated,
  });
}

export async function readSpan(
  search: Search,
  traceId: string,
  spanId: string,
  signal: AbortSignal,
): Promise<SpanDetail | null> {
  const query = { bool: { filter: [{ term: { trace_id: traceId } }, { term: { span_id: spanId } }] } };
  const { hits } = await search.ask<SpanDocument>('spans', { query, sort: inOrder, size: 1 }, signal);
  return hits[0] ? spanDetail(hits[0].source) : null;
}

export async function readTraceSpans(
  search: Search,
  traceId: string,
  limit: number,
  signal: AbortSignal,
): Promise<TraceSpans | null> {
  const query = { bool: { filter: [{ term: { trace_id: traceId } }] } };
  const { hits, truncated } = await search.all<SpanDocument>('spans', { query, sort: inOrder }, limit, signal);
  return hits.length === 0 ? null : { spans: hits.map(({ source }) => spanDetail(source)), truncated };
}

function spanRow(span: SpanDocument): SpanRow {
  return {
    spanId: span.span_id,
    parentSpanId: span.parent_span_id ?? '',
    service: span.service,
    instance: span.instance ?? '',
    host: span.host ?? '',
    name: span.name ?? '',
    kind: span.kind,
    status: span.status,
    category: span.category,
    startNano: BigInt(span.time),
    endNano: BigInt(span.end),
    events: span.event_count ?? 0,
    links: span.link_count ?? 0,
  };
}

function spanDetail(span: SpanDocument): SpanDetail {
  const nanos = BigInt(span.end) - BigInt(span.time);
  return {
    trace_id: span.trace_id,
    span_id: span.span_id,
    parent_span_id: span.parent_span_id ?? '',
    service: span.service,
    name: span.name ?? '',
    kind: span.kind,
    status: span.status,
    status_message: span.status_message ?? '',
    trace_state: span.trace_state ?? '',
    start: span.time,
    end: span.end,
    duration_ms: Math.max(0, Number(nanos) / 1e6),
    attributes: attributesOf(span.attributes),
    resource: attributesOf(span.resource),
    scope: span.scope ? (JSON.parse(span.scope) as SpanDetail['scope']) : { name: '', version: '' },
    events: span.events ? (JSON.parse(span.events) as SpanDetail['events']) : [],
    links: span.links ? (JSON.parse(span.links) as SpanDetail['links']) : [],
  };
}
