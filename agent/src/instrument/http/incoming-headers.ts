import type { IncomingHeaders } from '../../context/propagation.js';

/** The headers of a request that the agent reads. */
export interface RequestHeaders extends IncomingHeaders {
  userAgent: string | undefined;
  host: string | undefined;
  forwardedFor: string | undefined;
  deadline: string | undefined;
}

/**
 * Picks them out of `rawHeaders` (name, value, name, …): building `req.headers` costs more than everything else the agent
 * does at the start of a request, and an application may never ask for it. The length of a name rules out most.
 */
export function readHeaders(raw: readonly string[]): RequestHeaders {
  const headers: RequestHeaders = {
    traceparent: undefined,
    tracestate: undefined,
    baggage: undefined,
    correlationId: undefined,
    requestId: undefined,
    userAgent: undefined,
    host: undefined,
    forwardedFor: undefined,
    deadline: undefined,
  };
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] as string;
    const value = raw[index + 1] as string;
    switch (name.length) {
      case 4:
        if (is(name, 'host')) headers.host ??= value;
        break;
      case 7:
        if (is(name, 'baggage')) headers.baggage = joined(headers.baggage, value);
        break;
      case 10:
        if (is(name, 'tracestate')) headers.tracestate = joined(headers.tracestate, value);
        else if (is(name, 'user-agent')) headers.userAgent ??= value;
        break;
      case 11:
        // Sent twice it is nobody's parent (W3C Trace Context 3.2: exactly one); joined it is invalid.
        if (is(name, 'traceparent')) headers.traceparent = joined(headers.traceparent, value);
        break;
      case 12:
        if (is(name, 'x-request-id')) headers.requestId ??= value;
        break;
      case 15:
        if (is(name, 'x-forwarded-for')) headers.forwardedFor ??= value;
        break;
      case 16:
        if (is(name, 'x-correlation-id')) headers.correlationId ??= value;
        break;
      case 18:
        if (is(name, 'x-request-deadline')) headers.deadline ??= value;
        break;
    }
  }
  return headers;
}

/** Any other header, by its name in lower case. */
export function rawHeader(raw: readonly string[], wanted: string): string | undefined {
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] as string;
    if (name.length === wanted.length && is(name, wanted)) return raw[index + 1];
  }
  return undefined;
}

function is(name: string, lowerCase: string): boolean {
  return name === lowerCase || name.toLowerCase() === lowerCase;
}

function joined(before: string | undefined, value: string): string {
  return before === undefined ? value : `${before},${value}`;
}
