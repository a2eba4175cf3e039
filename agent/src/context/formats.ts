/** In which headers context is read and sent (`OTEL_PROPAGATORS`). */
export interface Formats {
  readonly traceContext: boolean;
  readonly baggage: boolean;
  /** One header, `b3`. */
  readonly b3: boolean;
  /** `x-b3-traceid` and its brothers. */
  readonly b3multi: boolean;
}

export const W3C_FORMATS: Formats = { traceContext: true, baggage: true, b3: false, b3multi: false };

/** Nothing is read or sent, not even the correlation id. */
export function isNone({ traceContext, baggage, b3, b3multi }: Formats): boolean {
  return !(traceContext || baggage || b3 || b3multi);
}

export function wantsB3({ b3, b3multi }: Formats): boolean {
  return b3 || b3multi;
}
