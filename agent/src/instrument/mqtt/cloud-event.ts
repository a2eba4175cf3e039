/** A CloudEvent in structured JSON mode (CloudEvents 1.0, "JSON Event Format"), as far as it concerns us. */
export type CloudEvent = Record<string, unknown> & { specversion: string; id: string; source: string; type: string };

const MAX_BYTES = 1_048_576;
const REQUIRED = ['specversion', 'id', 'source', 'type'] as const;
const BRACE = 123;

/** Names of context within an event: the distributed-tracing extension, and W3C baggage and the correlation id beside it. */
export const EXTENSIONS = {
  traceparent: 'traceparent',
  tracestate: 'tracestate',
  baggage: 'baggage',
  correlation: 'correlationid',
} as const;

/** The event a payload is; `undefined` for anything that is not one, which is then never touched. */
export function cloudEventOf(payload: unknown): CloudEvent | undefined {
  const text =
    typeof payload === 'string' ? payload : Buffer.isBuffer(payload) && payload[0] === BRACE ? payload : undefined;
  if (text === undefined || text.length > MAX_BYTES || !text.includes('"specversion"')) return undefined;
  try {
    const event = JSON.parse(text.toString()) as Partial<CloudEvent> | null;
    if (typeof event !== 'object' || event === null) return undefined;
    return REQUIRED.every((key) => typeof event[key] === 'string') ? (event as CloudEvent) : undefined;
  } catch {
    return undefined;
  }
}

/** A text field of an event. */
export function textField(event: CloudEvent, key: string): string | undefined {
  const value = event[key];
  return typeof value === 'string' ? value : undefined;
}
