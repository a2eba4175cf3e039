import type { Context, SpanContext } from '@opentelemetry/api';
import { b3Header, b3Headers, parseB3 } from './b3.js';
import { baggageOf, ROOT, TraceContext } from './context.js';
import { acceptable, FACT_KEYS, type Facts, factsFromBaggage, plainFacts } from './facts.js';
import { type Formats, isNone, W3C_FORMATS, wantsB3 } from './formats.js';
import { factsOf } from './line-facts.js';
import { RemoteSpan } from './remote-span.js';
import { parseTraceParent, traceParentHeader } from './trace-parent.js';
import { WireTraceState, withCaller, withoutCaller } from './trace-state.js';
import { appendMember, baggageHeader, WireBaggage } from './wire-baggage.js';

/** Of a span that is none: the agent stands back. Nothing is sent along then. */
const INVALID_TRACE_ID = '0'.repeat(32);

/** Headers of an incoming request that concern us, as they came. */
export interface IncomingHeaders {
  traceparent: string | undefined;
  tracestate: string | undefined;
  baggage: string | undefined;
  correlationId: string | undefined;
  requestId: string | undefined;
  /** B3's headers as one (`b3Header`); looked for only where B3 is asked for. */
  b3?: string | undefined;
}

/** Facts a peer may have brought, before the trace id is known. */
export interface Incoming {
  readonly remote: SpanContext | undefined;
  readonly baggage: WireBaggage | undefined;
  /** Correlation id from `x-correlation-id` or `x-request-id`. */
  readonly correlationId: string | undefined;
}

/** Reads what came; from a peer that is not trusted only `traceparent` and foreign `tracestate` members. */
export function readIncoming(headers: IncomingHeaders, trusted: boolean, formats: Formats = W3C_FORMATS): Incoming {
  const { tracestate, b3 } = headers;
  const traceparent = formats.traceContext ? headers.traceparent : undefined;
  const baggage = formats.baggage ? headers.baggage : undefined;
  let remote: SpanContext | undefined;
  if (traceparent !== undefined) {
    const state = tracestate === undefined ? undefined : WireTraceState.fromHeader(tracestate);
    remote = parseTraceParent(traceparent.trim(), trusted ? state : withoutCaller(state));
  }
  if (remote === undefined && b3 !== undefined) remote = parseB3(b3);
  if (!trusted || isNone(formats)) return { remote, baggage: undefined, correlationId: undefined };
  return {
    remote,
    baggage: baggage === undefined ? undefined : WireBaggage.fromHeader(baggage),
    correlationId: acceptable(headers.correlationId) ?? acceptable(headers.requestId),
  };
}

/** The context a server span is started in. Facts without a correlation id of their own get the trace id when the span starts. */
export function incomingContext(incoming: Incoming): Context {
  const { remote, baggage, correlationId } = incoming;
  if (remote === undefined && baggage === undefined && correlationId === undefined) return ROOT;
  const facts: Facts | undefined = correlationId === undefined ? undefined : plainFacts(correlationId);
  return new TraceContext(
    remote === undefined ? undefined : new RemoteSpan(remote),
    baggage,
    facts === undefined ? undefined : factsFromBaggage(baggage, facts),
  );
}

/** The context that a message brought; `read` gives one of its headers by the name in lower case. */
export function contextFrom(read: (name: string) => string | undefined, trusted: boolean, formats: Formats): Context {
  const headers: IncomingHeaders = {
    traceparent: read('traceparent'),
    tracestate: read('tracestate'),
    baggage: read('baggage'),
    correlationId: read('x-correlation-id'),
    requestId: undefined,
    b3: wantsB3(formats) ? b3Header(read) : undefined,
  };
  return incomingContext(readIncoming(headers, trusted, formats));
}

/** Header names and values to send, in pairs. */
export type OutgoingHeaders = [name: string, value: string][];

/** What the application itself put into an outgoing request, before us. */
export interface OwnHeaders {
  readonly correlationId: string | undefined;
  readonly baggage: string | undefined;
}

/** What is the same in everything a service sends. */
export interface Sender {
  /** From `callerMember`. */
  readonly caller: string;
  readonly formats: Formats;
}

export const NO_OWN_HEADERS: OwnHeaders = { correlationId: undefined, baggage: undefined };

/**
 * What an outgoing request carries for `span`, started in `context`. `traceparent` goes everywhere; a trusted peer also
 * gets baggage, the correlation id and, in `tracestate`, who calls. A correlation id or
 * baggage that the application wrote itself stands, and both headers then say the same.
 */
export function outgoingHeaders(
  context: Context,
  span: SpanContext,
  { caller, formats }: Sender,
  trusted: boolean,
  own: OwnHeaders = NO_OWN_HEADERS,
): OutgoingHeaders {
  if (span.traceId === INVALID_TRACE_ID) return [];
  const { traceContext } = formats;
  const headers: OutgoingHeaders = traceContext ? [['traceparent', traceParentHeader(span)]] : [];
  if (formats !== W3C_FORMATS) {
    if (isNone(formats)) return [];
    headers.push(...b3Headers(span, formats));
  }
  if (!trusted) {
    if (!traceContext) return headers;
    const others = withoutCaller(span.traceState)?.serialize();
    if (others) headers.push(['tracestate', others]);
    return headers;
  }
  if (traceContext) headers.push(['tracestate', withCaller(span.traceState, caller)]);
  const correlationId = acceptable(own.correlationId) ?? factsOf(context, span.traceId).correlationId;
  const baggage = baggageOf(context);
  const said = own.baggage ?? (baggage === undefined ? '' : baggageHeader(baggage));
  const known =
    baggage?.getEntry(FACT_KEYS.correlationId)?.value === correlationId ||
    own.baggage?.includes(FACT_KEYS.correlationId) === true;
  if (formats.baggage)
    headers.push(['baggage', known ? said : appendMember(said, FACT_KEYS.correlationId, correlationId)]);
  if (own.correlationId === undefined) headers.push(['x-correlation-id', correlationId]);
  return headers;
}
