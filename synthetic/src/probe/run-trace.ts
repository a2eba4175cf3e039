import {
  type Attributes,
  type Context,
  context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { Name } from './vocabulary.js';

/** One run as one trace: a root span, a span per step, a span per request, every one of them marked synthetic. */
export interface RunTrace {
  readonly traceId: string;
  readonly root: Span;
  /** A span below another of this run. */
  child(name: string, parent: Span, attributes?: Attributes, kind?: SpanKind): Span;
  /** What a request carries so that the services behind it join the trace. */
  headers(span: Span): Record<string, string>;
}

export interface RunIdentity {
  readonly check: string;
  readonly runId: string;
  readonly location: string;
}

/** Begins the trace of a run; the caller ends its root. */
export function beginRunTrace(tracer: Tracer, run: RunIdentity, attributes: Attributes): RunTrace {
  const marks: Attributes = {
    [Name.synthetic]: true,
    [Name.check]: run.check,
    [Name.run]: run.runId,
    [Name.location]: run.location,
    [Name.correlationId]: run.runId,
  };
  const start = (name: string, parent: Context, more: Attributes, kind: SpanKind) =>
    tracer.startSpan(name, { kind, attributes: { ...marks, ...more } }, parent);
  const root = start(`check ${run.check}`, ROOT_CONTEXT, attributes, SpanKind.INTERNAL);
  const baggage = [
    [Name.correlationId, run.runId],
    [Name.synthetic, 'true'],
    [Name.check, run.check],
    [Name.run, run.runId],
  ]
    .map(([key, value]) => `${key}=${encodeURIComponent(value ?? '')}`)
    .join(',');
  return {
    traceId: root.spanContext().traceId,
    root,
    child: (name, parent, more = {}, kind = SpanKind.INTERNAL) =>
      start(name, trace.setSpan(context.active(), parent), more, kind),
    headers: (span) => {
      const { traceId, spanId, traceFlags } = span.spanContext();
      return {
        traceparent: `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`,
        baggage,
        [Name.correlationHeader]: run.runId,
      };
    },
  };
}

/** Ends a span as failed. */
export function failSpan(span: Span, message: string, errorType = 'check_failed'): void {
  span.setAttribute('error.type', errorType);
  span.setStatus({ code: SpanStatusCode.ERROR, message: message.slice(0, 1024) });
  span.end();
}
