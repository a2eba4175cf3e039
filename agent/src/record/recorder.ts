import type { Attributes, Context, Link, Span, SpanKind, TimeInput } from '@opentelemetry/api';
import type { LogRecord } from './log-record.js';
import type { Scope } from './scope.js';

export interface StartSpan {
  readonly name: string;
  readonly kind: SpanKind;
  readonly scope: Scope;
  /** Default: the active context. */
  readonly parent?: Context;
  readonly attributes?: Attributes | undefined;
  readonly links?: readonly Link[] | undefined;
  /** Default: now. */
  readonly startTime?: TimeInput | undefined;
}

/** The way into the engine for instrumentations of ours. None of its functions throws. */
export interface Recorder {
  /** Starts a span; it is exported when `end()` is called. Run code under it with `runInContext(withSpan(parent, span), …)`. */
  startSpan(start: StartSpan): Span;
  /**
   * Exports a log record. Trace and span id, `correlation.id` and `saga.id` come from `context` (default: the active one),
   * so a caller that logs later hands over the context it captured.
   */
  emitLog(record: LogRecord, context?: Context): void;
  /** False when logs are not exported (`OTEL_LOGS_EXPORTER=none`): lets a logger skip the work. */
  readonly logsEnabled: boolean;
}
