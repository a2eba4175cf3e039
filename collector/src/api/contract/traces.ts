import { z } from 'zod';
import {
  Attributes,
  Completeness,
  Cursor,
  Environment,
  Filter,
  RangeQuery,
  ResolvedRange,
  SpanId,
  SpanKind,
  SpanStatus,
  Steps,
  SyntheticTraffic,
  TraceId,
  UnixNanoText,
} from './primitives.js';

export const TraceSort = z.enum(['start', 'duration', 'spans', 'errors']);
export type TraceSort = z.infer<typeof TraceSort>;

/**
 * A trace matches when one of its spans matches the whole filter. `trace.duration`, `trace.spans`, `trace.errors`,
 * `root.service` and `root.name` ask about the trace itself. Filters apply before limits; sorting is over the range.
 */
export const TraceListQuery = RangeQuery.extend({
  q: Filter,
  environment: Environment,
  synthetic: SyntheticTraffic.default('include'),
  sort: TraceSort.default('start'),
  order: z.enum(['asc', 'desc']).default('desc'),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: Cursor.optional(),
});
export type TraceListQuery = z.infer<typeof TraceListQuery>;

export const TraceService = z.object({ service: z.string(), spans: z.number().int(), errors: z.number().int() });

export const TraceSummary = z.object({
  trace_id: TraceId,
  /** Empty while the root span has not come. */
  root_service: z.string(),
  root_name: z.string(),
  start: UnixNanoText,
  duration_ms: z.number(),
  spans: z.number().int(),
  errors: z.number().int(),
  /** In order of first appearance, at most 20. */
  services: z.array(TraceService),
  /** How many services there are, where some are left out. */
  services_total: z.number().int().optional(),
  correlation_id: z.string(),
  saga_id: z.string(),
  /** Name of the synthetic check that made it; empty for real traffic. */
  synthetic_check: z.string(),
  /** False while the root span is missing. */
  complete: z.boolean(),
});
export type TraceSummary = z.infer<typeof TraceSummary>;

export const TraceList = Completeness.extend({
  range: ResolvedRange,
  traces: z.array(TraceSummary),
  next_cursor: Cursor.nullable(),
});
export type TraceList = z.infer<typeof TraceList>;

export const TraceHistogramQuery = TraceListQuery.omit({ sort: true, order: true, limit: true, cursor: true });
export type TraceHistogramQuery = z.infer<typeof TraceHistogramQuery>;

export const TraceHistogram = Completeness.extend({
  range: ResolvedRange,
  ...Steps.shape,
  traces: z.array(z.number()),
  errors: z.array(z.number()),
  total: z.number(),
});
export type TraceHistogram = z.infer<typeof TraceHistogram>;

/**
 * The spans of one trace as columns, parents before children, siblings by start. Attributes are fetched when a span
 * is opened. `name`, `service` and `category` index into the dictionaries.
 */
export const TraceColumns = z.object({
  span_id: z.array(SpanId),
  /** Row of the parent; -1 for a root and for a span whose parent never came. */
  parent: z.array(z.number().int()),
  name: z.array(z.number().int()),
  service: z.array(z.number().int()),
  kind: z.array(SpanKind),
  status: z.array(SpanStatus),
  category: z.array(z.number().int()),
  /** Relative to the start of the trace, after clock correction. */
  start_ms: z.array(z.number()),
  duration_ms: z.array(z.number()),
  events: z.array(z.number().int()),
  links: z.array(z.number().int()),
});
export type TraceColumns = z.infer<typeof TraceColumns>;

/** What a span is about: decides its icon. */
export const SpanCategory = z.enum(['http', 'database', 'messaging', 'rpc', 'breaker', 'saga', 'internal']);
export type SpanCategory = z.infer<typeof SpanCategory>;

export const Trace = z.object({
  summary: TraceSummary,
  names: z.array(z.string()),
  services: z.array(z.string()),
  categories: z.array(SpanCategory),
  columns: TraceColumns,
  /** Corrections of clocks that were applied, per service instance. */
  clock_corrections: z.array(z.object({ service: z.string(), instance: z.string(), shift_ms: z.number() })),
  /** Rows on the critical path, root first. */
  critical_path: z.array(z.number().int()),
  /** Spans whose parent never came. */
  orphans: z.number().int(),
  logs: z.number().int(),
  truncated: z.boolean(),
  /** Other traces that span links of this one point to, or that point here. */
  linked_traces: z.array(TraceId),
  /** More are linked than these. */
  linked_truncated: z.boolean(),
});
export type Trace = z.infer<typeof Trace>;

export const SpanEvent = z.object({ time: UnixNanoText, name: z.string(), attributes: Attributes });
export const SpanLink = z.object({ trace_id: TraceId, span_id: SpanId, attributes: Attributes });

export const SpanDetail = z.object({
  trace_id: TraceId,
  span_id: SpanId,
  parent_span_id: z.string(),
  service: z.string(),
  name: z.string(),
  kind: SpanKind,
  status: SpanStatus,
  status_message: z.string(),
  trace_state: z.string(),
  start: UnixNanoText,
  end: UnixNanoText,
  duration_ms: z.number(),
  attributes: Attributes,
  resource: Attributes,
  scope: z.object({ name: z.string(), version: z.string() }),
  events: z.array(SpanEvent),
  links: z.array(SpanLink),
});
export type SpanDetail = z.infer<typeof SpanDetail>;

/** Spans of one trace with everything they carry, for export (OTLP JSON, Jaeger). */
export const TraceSpans = z.object({ spans: z.array(SpanDetail), truncated: z.boolean() });
export type TraceSpans = z.infer<typeof TraceSpans>;
