import type { ReceivedSpan, Value, Values } from './otlp-decode.js';

interface JsonValue {
  stringValue?: string;
  boolValue?: boolean;
  intValue?: string | number;
  doubleValue?: number;
  arrayValue?: { values: JsonValue[] };
}
type Pairs = { key: string; value: JsonValue }[];
interface JsonSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  traceState?: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes?: Pairs;
  droppedAttributesCount?: number;
  events?: { name: string; timeUnixNano: string; attributes?: Pairs }[];
  links?: { traceId: string; spanId: string; attributes?: Pairs }[];
  status?: { code?: number; message?: string };
}
interface JsonRequest {
  resourceSpans: { resource: { attributes: Pairs }; scopeSpans: { scope: { name: string }; spans: JsonSpan[] }[] }[];
}

const KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;

/** ExportTraceServiceRequest as OTLP/JSON: what `exporter-trace-otlp-http` sends. */
export function spansOfJson(body: Buffer): ReceivedSpan[] {
  const { resourceSpans } = JSON.parse(body.toString()) as JsonRequest;
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ scope, spans }) =>
      spans.map((span) => ({
        traceId: span.traceId,
        spanId: span.spanId,
        parentSpanId: span.parentSpanId ?? '',
        traceState: span.traceState ?? '',
        name: span.name,
        kind: KINDS[span.kind] ?? 'unspecified',
        startNanos: BigInt(span.startTimeUnixNano),
        endNanos: BigInt(span.endTimeUnixNano),
        attributes: values(span.attributes),
        droppedAttributes: span.droppedAttributesCount ?? 0,
        events: (span.events ?? []).map(({ name, timeUnixNano, attributes }) => ({
          name,
          nanos: BigInt(timeUnixNano),
          attributes: values(attributes),
        })),
        links: (span.links ?? []).map(({ traceId, spanId, attributes }) => ({
          traceId,
          spanId,
          attributes: values(attributes),
        })),
        status: { code: span.status?.code ?? 0, message: span.status?.message ?? '' },
        scope: scope.name,
        resource: values(resource.attributes),
      })),
    ),
  );
}

function values(pairs: Pairs = []): Values {
  return Object.fromEntries(pairs.map(({ key, value }) => [key, plain(value)]));
}

function plain(value: JsonValue): Value {
  if (value.arrayValue !== undefined) return value.arrayValue.values.map(plain);
  if (value.intValue !== undefined) return Number(value.intValue);
  return value.stringValue ?? value.boolValue ?? value.doubleValue ?? null;
}
