import type { SpanContext, TraceState } from '@opentelemetry/api';

const LENGTH = 55;
/** Sampled, and random trace id (Trace Context Level 2); a participant sets every other bit to 0. */
const KNOWN_FLAGS = 3;
const NO_TRACE = '0'.repeat(32);
const NO_SPAN = '0'.repeat(16);

/** W3C Trace Context Level 2, 3.2: `undefined` for anything that is not a valid `traceparent`, whatever it is. */
export function parseTraceParent(header: string, traceState: TraceState | undefined): SpanContext | undefined {
  if (header.length < LENGTH) return undefined;
  const version = header.slice(0, 2);
  // Version 00 is exactly 55 characters; a later one may go on after a dash.
  if (header.length > LENGTH && (version === '00' || header[LENGTH] !== '-')) return undefined;
  if (header[2] !== '-' || header[35] !== '-' || header[52] !== '-') return undefined;
  if (
    version === 'ff' ||
    !isHex(header, 0, 2) ||
    !isHex(header, 3, 35) ||
    !isHex(header, 36, 52) ||
    !isHex(header, 53, 55)
  ) {
    return undefined;
  }
  const traceId = header.slice(3, 35);
  const spanId = header.slice(36, 52);
  if (traceId === NO_TRACE || spanId === NO_SPAN) return undefined;
  const traceFlags = Number.parseInt(header.slice(53, 55), 16) & KNOWN_FLAGS;
  const context = { traceId, spanId, traceFlags, isRemote: true };
  return traceState === undefined ? context : { ...context, traceState };
}

export function traceParentHeader(context: SpanContext): string {
  return `00-${context.traceId}-${context.spanId}-0${context.traceFlags & KNOWN_FLAGS}`;
}

/** Lower-case digits only, as the specification demands. */
function isHex(text: string, from: number, to: number): boolean {
  for (let index = from; index < to; index++) {
    const code = text.charCodeAt(index);
    if (!((code >= 48 && code <= 57) || (code >= 97 && code <= 102))) return false;
  }
  return true;
}
