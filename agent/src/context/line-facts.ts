import type { Context } from '@opentelemetry/api';
import { baggageOf, spanOf, TraceContext } from './context.js';
import { type Facts, factsFromBaggage, plainFacts } from './facts.js';

const NO_TRACE_ID = '0'.repeat(32);

/** Ids a log line needs. */
export interface LineFacts {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceFlags: number;
  readonly correlationId: string;
  readonly sagaId: string | undefined;
}

/** What a log line written in `context` carries (`trace_id`, `span_id`, `correlation_id`, `saga_id`); `undefined` without a span. */
export function lineFactsOf(context: Context): LineFacts | undefined {
  const spanContext = spanOf(context)?.spanContext();
  if (spanContext === undefined || spanContext.traceId === NO_TRACE_ID) return undefined;
  const { correlationId, sagaId } = factsOf(context, spanContext.traceId);
  const { traceId, spanId, traceFlags } = spanContext;
  return { traceId, spanId, traceFlags, correlationId, sagaId };
}

export type FactsOf = (context: Context, traceId: string) => Facts;

/** Facts that hold in `context`: what its baggage says now, over what came with the request, over the trace id. */
export function factsOf(context: Context, traceId: string): Facts {
  const came = context instanceof TraceContext ? context.facts : undefined;
  const base = came ?? (spanOf(context) as { facts?: Facts } | undefined)?.facts ?? plainFacts(traceId);
  return factsFromBaggage(baggageOf(context), base);
}
