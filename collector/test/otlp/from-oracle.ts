import type { Type } from 'protobufjs';

/** A message as protobufjs reads it: every field there, 64-bit integers as text, bytes as they are. */
interface Message {
  [field: string]: unknown;
}

/** What protobufjs reads in the bytes of a request, in the shape of from-columns.ts. */
export function oracle(type: Type, bytes: Uint8Array): object[] {
  const request = type.toObject(type.decode(bytes), { longs: String, defaults: false, arrays: true }) as Message;
  const signal = SIGNALS.find(({ resources }) => resources in request)!;
  return list(request[signal.resources]).flatMap((resource) =>
    list(resource[signal.scopes]).flatMap((scope) =>
      list(scope[signal.items]).flatMap((item) => {
        const head = {
          resource: attributes(child(resource.resource).attributes),
          scope: [
            text(child(scope.scope).name),
            text(child(scope.scope).version),
            attributes(child(scope.scope).attributes),
          ],
        };
        return signal.read(item).map((rest) => ({ ...head, ...rest }));
      }),
    ),
  );
}

const SIGNALS = [
  { resources: 'resourceSpans', scopes: 'scopeSpans', items: 'spans', read: (item: Message) => [span(item)] },
  { resources: 'resourceLogs', scopes: 'scopeLogs', items: 'logRecords', read: (item: Message) => [logRecord(item)] },
  { resources: 'resourceMetrics', scopes: 'scopeMetrics', items: 'metrics', read: metric },
];

function span(item: Message): object {
  return {
    traceId: hex(item.traceId),
    spanId: hex(item.spanId),
    parentSpanId: hex(item.parentSpanId),
    traceState: text(item.traceState),
    name: text(item.name),
    kind: number(item.kind),
    start: big(item.startTimeUnixNano),
    end: big(item.endTimeUnixNano),
    status: [number(child(item.status).code), text(child(item.status).message)],
    flags: number(item.flags),
    attributes: attributes(item.attributes),
    events: list(item.events).map((event) => ({
      time: big(event.timeUnixNano),
      name: text(event.name),
      attributes: attributes(event.attributes),
    })),
    links: list(item.links).map((link) => ({
      traceId: hex(link.traceId),
      spanId: hex(link.spanId),
      attributes: attributes(link.attributes),
    })),
  };
}

function logRecord(item: Message): object {
  const observed = big(item.observedTimeUnixNano);
  return {
    time: big(item.timeUnixNano) || observed,
    observed,
    severity: [number(item.severityNumber), text(item.severityText)],
    eventName: text(item.eventName),
    body: anyValue(item.body),
    traceId: hex(item.traceId),
    spanId: hex(item.spanId),
    flags: number(item.flags),
    attributes: attributes(item.attributes),
  };
}

const KINDS = ['', 'gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary'];

function metric(item: Message): object[] {
  const type = KINDS.findIndex((kind) => kind !== '' && kind in item);
  const data = child(item[KINDS[type]!]);
  return list(data.dataPoints).map((point) => {
    const quantiles = list(point.quantileValues);
    const counts = type === 4 ? child(point.positive).bucketCounts : point.bucketCounts;
    return {
      name: text(item.name),
      description: text(item.description),
      unit: text(item.unit),
      kind: [type, number(data.aggregationTemporality), data.isMonotonic === true ? 1 : 0],
      time: big(point.timeUnixNano),
      start: big(point.startTimeUnixNano),
      flags: number(point.flags),
      attributes: attributes(point.attributes),
      value: Number(point.asDouble ?? point.asInt ?? point.sum ?? Number.NaN),
      observations: number(point.count),
      extremes: [Number(point.min ?? Number.NaN), Number(point.max ?? Number.NaN)],
      counts: type === 5 ? quantiles.map(({ value }) => number(value)) : numbers(counts),
      bounds: type === 5 ? quantiles.map(({ quantile }) => number(quantile)) : numbers(point.explicitBounds),
      exponential: [
        number(point.scale),
        number(point.zeroCount),
        number(child(point.positive).offset),
        number(child(point.negative).offset),
      ],
      negative: numbers(child(point.negative).bucketCounts),
      exemplars: list(point.exemplars).map((exemplar) => ({
        time: big(exemplar.timeUnixNano),
        value: number(exemplar.asDouble ?? exemplar.asInt),
        traceId: hex(exemplar.traceId),
        spanId: hex(exemplar.spanId),
        attributes: attributes(exemplar.filteredAttributes),
      })),
    };
  });
}

function attributes(value: unknown): [string, unknown][] {
  return list(value).map((attribute) => [text(attribute.key), anyValue(attribute.value)]);
}

function anyValue(value: unknown): unknown {
  const message = child(value);
  if (message.stringValue !== undefined) return message.stringValue;
  if (message.boolValue !== undefined) return message.boolValue;
  if (message.intValue !== undefined) {
    const integer = Number(message.intValue);
    return Number.isSafeInteger(integer) ? integer : message.intValue;
  }
  if (message.doubleValue !== undefined) return message.doubleValue;
  if (message.bytesValue !== undefined) return Buffer.from(message.bytesValue as Uint8Array).toString('base64');
  if (message.arrayValue !== undefined) return list(child(message.arrayValue).values).map(anyValue);
  if (message.kvlistValue !== undefined) return Object.fromEntries(attributes(child(message.kvlistValue).values));
  return null;
}

function list(value: unknown): Message[] {
  return (value ?? []) as Message[];
}

function numbers(value: unknown): number[] {
  return ((value ?? []) as unknown[]).map(Number);
}

function child(value: unknown): Message {
  return (value ?? {}) as Message;
}

function text(value: unknown): string {
  return (value ?? '') as string;
}

function number(value: unknown): number {
  return Number(value ?? 0);
}

function big(value: unknown): bigint {
  return BigInt((value ?? '0') as string);
}

function hex(value: unknown): string {
  return Buffer.from((value ?? []) as Uint8Array).toString('hex');
}
