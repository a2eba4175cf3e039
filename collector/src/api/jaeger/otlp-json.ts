import type { AttributeValue, SpanDetail } from '../contract/index.js';

const KINDS = { unspecified: 0, internal: 1, server: 2, client: 3, producer: 4, consumer: 5 } as const;
const STATUSES = { unset: 0, ok: 1, error: 2 } as const;

type Attributes = SpanDetail['attributes'];

/** OTLP's JSON encoding of `TracesData`: ids in hex, enumerations as numbers, 64-bit numbers as text. */
export function otlpJson(spans: SpanDetail[]) {
  const resources = new Map<string, { attributes: Attributes; scopes: Map<string, SpanDetail[]> }>();
  for (const span of spans) {
    const key = JSON.stringify(span.resource);
    const resource = resources.get(key) ?? { attributes: span.resource, scopes: new Map<string, SpanDetail[]>() };
    resources.set(key, resource);
    const scope = JSON.stringify([span.scope.name, span.scope.version]);
    const group = resource.scopes.get(scope);
    if (group) group.push(span);
    else resource.scopes.set(scope, [span]);
  }
  return {
    resourceSpans: [...resources.values()].map(({ attributes, scopes }) => ({
      resource: { attributes: keyValues(attributes) },
      scopeSpans: [...scopes.values()].map((group) => ({ scope: group[0]?.scope ?? {}, spans: group.map(span) })),
    })),
  };
}

function span(detail: SpanDetail) {
  return {
    traceId: detail.trace_id,
    spanId: detail.span_id,
    ...(detail.parent_span_id === '' ? {} : { parentSpanId: detail.parent_span_id }),
    ...(detail.trace_state === '' ? {} : { traceState: detail.trace_state }),
    name: detail.name,
    kind: KINDS[detail.kind],
    startTimeUnixNano: detail.start,
    endTimeUnixNano: detail.end,
    attributes: keyValues(detail.attributes),
    events: detail.events.map(({ time, name, attributes }) => ({
      timeUnixNano: time,
      name,
      attributes: keyValues(attributes),
    })),
    links: detail.links.map(({ trace_id, span_id, attributes }) => ({
      traceId: trace_id,
      spanId: span_id,
      attributes: keyValues(attributes),
    })),
    status: {
      ...(detail.status === 'unset' ? {} : { code: STATUSES[detail.status] }),
      ...(detail.status_message === '' ? {} : { message: detail.status_message }),
    },
  };
}

function keyValues(attributes: Attributes) {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }));
}

type AnyValue = Record<string, unknown>;

function anyValue(value: AttributeValue): AnyValue {
  if (value === null) return {};
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
  return { kvlistValue: { values: keyValues(value) } };
}
