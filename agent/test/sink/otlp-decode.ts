import { double, type Field, fieldsOf, fixed64, hex, integer, message, messages, text } from './proto-reader.js';

export type Value = string | number | boolean | null | Value[] | { [key: string]: Value };
export type Values = Record<string, Value>;

export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly traceState: string;
  readonly name: string;
  readonly kind: 'unspecified' | 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  readonly startNanos: bigint;
  readonly endNanos: bigint;
  readonly attributes: Values;
  readonly events: { readonly name: string; readonly attributes: Values; readonly nanos: bigint }[];
  readonly links: { readonly traceId: string; readonly spanId: string; readonly attributes: Values }[];
  readonly status: { readonly code: number; readonly message: string };
  readonly droppedAttributes: number;
  readonly scope: string;
  readonly resource: Values;
}

export interface ReceivedLog {
  readonly traceId: string;
  readonly spanId: string;
  readonly timeNanos: bigint;
  readonly severityNumber: number;
  readonly severityText: string;
  readonly body: Value;
  readonly eventName: string;
  readonly attributes: Values;
  readonly scope: string;
  readonly resource: Values;
}

export interface ReceivedPoint {
  readonly attributes: Values;
  /** Of sums and gauges. */
  readonly value: number;
  /** Of histograms. */
  readonly count: number;
  readonly sum: number;
  readonly buckets: number[];
  /** Explicit upper bounds; of exponential histograms the bounds of `buckets`, calculated. */
  readonly bounds: number[];
  readonly startNanos: bigint;
  readonly timeNanos: bigint;
  readonly exemplars: readonly ReceivedExemplar[];
}

export interface ReceivedExemplar {
  readonly value: number;
  readonly timeNanos: bigint;
  readonly traceId: string;
  readonly spanId: string;
  readonly attributes: Values;
}

export interface ReceivedMetric {
  readonly name: string;
  readonly unit: string;
  readonly kind: 'gauge' | 'sum' | 'histogram' | 'exponential_histogram' | 'summary' | 'none';
  readonly monotonic: boolean;
  readonly temporality: number;
  readonly points: ReceivedPoint[];
  readonly scope: string;
  readonly resource: Values;
}

const KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;

/** ExportTraceServiceRequest. */
export function decodeSpans(body: Buffer): ReceivedSpan[] {
  return records(body).map(({ fields, scope, resource }) => ({
    traceId: hex(fields, 1),
    spanId: hex(fields, 2),
    traceState: text(fields, 3),
    parentSpanId: hex(fields, 4),
    name: text(fields, 5),
    kind: KINDS[integer(fields, 6)] ?? 'unspecified',
    startNanos: fixed64(fields, 7),
    endNanos: fixed64(fields, 8),
    attributes: keyValues(messages(fields, 9)),
    droppedAttributes: integer(fields, 10),
    events: messages(fields, 11)
      .map(fieldsOf)
      .map((event) => ({ nanos: fixed64(event, 1), name: text(event, 2), attributes: keyValues(messages(event, 3)) })),
    links: messages(fields, 13)
      .map(fieldsOf)
      .map((link) => ({ traceId: hex(link, 1), spanId: hex(link, 2), attributes: keyValues(messages(link, 4)) })),
    status: { code: integer(fieldsOf(message(fields, 15)), 3), message: text(fieldsOf(message(fields, 15)), 2) },
    scope,
    resource,
  }));
}

/** ExportLogsServiceRequest. */
export function decodeLogs(body: Buffer): ReceivedLog[] {
  return records(body).map(({ fields, scope, resource }) => ({
    timeNanos: fixed64(fields, 1),
    severityNumber: integer(fields, 2),
    severityText: text(fields, 3),
    body: anyValue(fieldsOf(message(fields, 5))),
    attributes: keyValues(messages(fields, 6)),
    traceId: hex(fields, 9),
    spanId: hex(fields, 10),
    eventName: text(fields, 12),
    scope,
    resource,
  }));
}

const METRIC_KINDS = { 5: 'gauge', 7: 'sum', 9: 'histogram', 10: 'exponential_histogram', 11: 'summary' } as const;

/** ExportMetricsServiceRequest. */
export function decodeMetrics(body: Buffer): ReceivedMetric[] {
  return records(body).map(({ fields, scope, resource }) => {
    const number = ([5, 7, 9, 10, 11] as const).find((candidate) => messages(fields, candidate).length > 0);
    const data = number === undefined ? [] : fieldsOf(message(fields, number));
    return {
      name: text(fields, 1),
      unit: text(fields, 3),
      kind: number === undefined ? 'none' : METRIC_KINDS[number],
      temporality: integer(data, 2),
      monotonic: integer(data, 3) === 1,
      points: messages(data, 1).map((bytes) =>
        number === 10 ? exponentialPoint(fieldsOf(bytes)) : point(fieldsOf(bytes), number === 9),
      ),
      scope,
      resource,
    };
  });
}

function point(fields: readonly Field[], isHistogram: boolean): ReceivedPoint {
  const exemplars = messages(fields, isHistogram ? 8 : 5)
    .map(fieldsOf)
    .map(exemplar);
  const times = { startNanos: fixed64(fields, 2), timeNanos: fixed64(fields, 3), exemplars };
  if (isHistogram) {
    return {
      ...times,
      attributes: keyValues(messages(fields, 9)),
      value: 0,
      count: Number(fixed64(fields, 4)),
      sum: double(fields, 5),
      buckets: eightByEight(message(fields, 6)).map((bytes) => Number(bytes.readBigUInt64LE())),
      bounds: eightByEight(message(fields, 7)).map((bytes) => bytes.readDoubleLE()),
    };
  }
  const isInteger = messages(fields, 6).length > 0;
  const value = isInteger ? Number(message(fields, 6).readBigInt64LE()) : double(fields, 4);
  return { ...times, attributes: keyValues(messages(fields, 7)), value, count: 0, sum: 0, buckets: [], bounds: [] };
}

function exemplar(fields: readonly Field[]): ReceivedExemplar {
  return {
    value: double(fields, 3),
    timeNanos: fixed64(fields, 2),
    traceId: hex(fields, 5),
    spanId: hex(fields, 4),
    attributes: keyValues(messages(fields, 7)),
  };
}

function exponentialPoint(fields: readonly Field[]): ReceivedPoint {
  const positive = fieldsOf(message(fields, 8));
  const step = 2 ** -zigZag(integer(fields, 6));
  const buckets = varints(message(positive, 2));
  return {
    startNanos: fixed64(fields, 2),
    timeNanos: fixed64(fields, 3),
    exemplars: messages(fields, 11).map(fieldsOf).map(exemplar),
    attributes: keyValues(messages(fields, 1)),
    value: 0,
    count: Number(fixed64(fields, 4)),
    sum: double(fields, 5),
    buckets,
    bounds: buckets.map((_, at) => 2 ** ((zigZag(integer(positive, 1)) + at + 1) * step)),
  };
}

function zigZag(value: number): number {
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}

function varints(bytes: Buffer): number[] {
  const found: number[] = [];
  for (let [at, value, factor] = [0, 0, 1]; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    value += (byte & 127) * factor;
    factor *= 128;
    if (byte >= 128) continue;
    found.push(value);
    [value, factor] = [0, 1];
  }
  return found;
}

interface Unwrapped {
  readonly fields: readonly Field[];
  readonly scope: string;
  readonly resource: Values;
}

/** The three requests have one shape: resource (1) and scopes (2), each with scope (1) and records (2). */
function records(body: Buffer): Unwrapped[] {
  return messages(fieldsOf(body), 1)
    .map(fieldsOf)
    .flatMap((outer) => {
      const resource = keyValues(messages(fieldsOf(message(outer, 1)), 1));
      return messages(outer, 2)
        .map(fieldsOf)
        .flatMap((inner) => {
          const scope = text(fieldsOf(message(inner, 1)), 1);
          return messages(inner, 2).map((record) => ({ fields: fieldsOf(record), scope, resource }));
        });
    });
}

function keyValues(pairs: readonly Buffer[]): Values {
  return Object.fromEntries(pairs.map(fieldsOf).map((pair) => [text(pair, 1), anyValue(fieldsOf(message(pair, 2)))]));
}

function anyValue(fields: readonly Field[]): Value {
  const [field] = fields;
  if (field === undefined) return null;
  const bytes = field.value as Buffer;
  if (field.number === 1) return bytes.toString('utf8');
  if (field.number === 2) return field.value === 1n;
  if (field.number === 3) return Number(BigInt.asIntN(64, field.value as bigint));
  if (field.number === 4) return bytes.readDoubleLE();
  if (field.number === 5) return messages(fieldsOf(bytes), 1).map((item) => anyValue(fieldsOf(item)));
  if (field.number === 6) return keyValues(messages(fieldsOf(bytes), 1));
  return bytes.toString('base64');
}

function eightByEight(bytes: Buffer): Buffer[] {
  return Array.from({ length: bytes.length / 8 }, (_, index) => bytes.subarray(index * 8, index * 8 + 8));
}
