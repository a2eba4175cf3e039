import type { Context } from '@opentelemetry/api';

/**
 * What Orrery knows about the work at hand, beyond W3C trace context: vocabulary "Baggage". Copied onto every span and
 * log record by the recorder, and by loggers into their lines.
 */
export interface Facts {
  readonly correlationId: string;
  readonly sagaId: string | undefined;
  readonly sagaName: string | undefined;
  readonly sagaStep: string | undefined;
  readonly synthetic: boolean;
  readonly syntheticCheck: string | undefined;
  readonly syntheticRun: string | undefined;
}

/** Ids a log line needs. `undefined` when no span is active in `context`. */
export interface LineFacts {
  readonly traceId: string;
  readonly spanId: string;
  readonly correlationId: string;
  readonly sagaId: string | undefined;
}

/** Reads what a log line written in `context` carries (`trace_id`, `span_id`, `correlation_id`, `saga_id`). */
export type LineFactsOf = (context: Context) => LineFacts | undefined;
