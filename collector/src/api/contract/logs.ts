import { z } from 'zod';
import {
  Attributes,
  Completeness,
  Cursor,
  Environment,
  Filter,
  RangeQuery,
  ResolvedRange,
  Severity,
  Steps,
  UnixNanoText,
} from './primitives.js';

export const LogListQuery = RangeQuery.extend({
  q: Filter,
  environment: Environment,
  order: z.enum(['asc', 'desc']).default('desc'),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  cursor: Cursor.optional(),
});
export type LogListQuery = z.infer<typeof LogListQuery>;

export const LogRow = z.object({
  /** Stable and unique. */
  id: z.string(),
  time: UnixNanoText,
  severity: Severity,
  severity_text: z.string(),
  service: z.string(),
  /** A structured body comes as JSON text. */
  body: z.string(),
  event_name: z.string(),
  /** Empty when the line belongs to no trace. */
  trace_id: z.string(),
  span_id: z.string(),
  correlation_id: z.string(),
  attributes: Attributes,
  resource: Attributes,
});
export type LogRow = z.infer<typeof LogRow>;

export const LogList = Completeness.extend({
  range: ResolvedRange,
  logs: z.array(LogRow),
  next_cursor: Cursor.nullable(),
});
export type LogList = z.infer<typeof LogList>;

export const LogHistogramQuery = LogListQuery.pick({ from: true, to: true, q: true, environment: true });
export type LogHistogramQuery = z.infer<typeof LogHistogramQuery>;

export const LogHistogram = Completeness.extend({
  range: ResolvedRange,
  ...Steps.shape,
  /** One row of counts per severity that occurs. */
  severities: z.record(z.string(), z.array(z.number())),
  total: z.number(),
});
export type LogHistogram = z.infer<typeof LogHistogram>;

/** `GET /logs/tail`: server-sent events `log` (a LogRow), `gap` ({dropped}) and `ping`. */
export const LogTailQuery = z.object({ q: Filter, environment: Environment });
export type LogTailQuery = z.infer<typeof LogTailQuery>;
