import type { Context, TextMapGetter, TextMapPropagator, TextMapSetter } from '@opentelemetry/api';
import { BAGGAGE_KEY, baggageOf, SPAN_KEY, spanOf, TraceContext } from '../context/context.js';
import { type IncomingHeaders, incomingContext, outgoingHeaders, readIncoming } from '../context/propagation.js';

const FIELDS = ['traceparent', 'tracestate', 'baggage', 'x-correlation-id'];
const NO_TRACE_ID = '0'.repeat(32);

/**
 * The API's propagator: instrumentations of brokers and RPC use it. They do not say who the peer is, and what they talk to
 * is a system of one's own, so the peer counts as trusted.
 */
export class AgentPropagator implements TextMapPropagator {
  constructor(private readonly caller: string) {}

  inject(context: Context, carrier: unknown, setter: TextMapSetter): void {
    const span = spanOf(context)?.spanContext();
    if (span === undefined || span.traceId === NO_TRACE_ID) return;
    for (const [name, value] of outgoingHeaders(context, span, this.caller, true)) setter.set(carrier, name, value);
  }

  extract(context: Context, carrier: unknown, getter: TextMapGetter): Context {
    const read = (name: string): string | undefined => {
      const value = getter.get(carrier, name);
      return Array.isArray(value) ? value.join(',') : value === undefined ? undefined : String(value);
    };
    const headers: IncomingHeaders = {
      traceparent: read('traceparent'),
      tracestate: read('tracestate'),
      baggage: read('baggage'),
      correlationId: read('x-correlation-id'),
      requestId: undefined,
    };
    const came = incomingContext(readIncoming(headers, true));
    if (context instanceof TraceContext && came instanceof TraceContext) {
      return context.over(came.span ?? context.span, came.baggage ?? context.baggage, came.facts ?? context.facts);
    }
    const withItsSpan = spanOf(came) === undefined ? context : context.setValue(SPAN_KEY, spanOf(came));
    return baggageOf(came) === undefined ? withItsSpan : withItsSpan.setValue(BAGGAGE_KEY, baggageOf(came));
  }

  fields(): string[] {
    return FIELDS;
  }
}
