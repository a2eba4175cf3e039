import type { Exemplar } from '../record/exemplar.js';
import type { ExponentialBuckets } from '../record/exponential-buckets.js';
import type { MetricTable } from '../record/metric-table.js';
import { encodeAttribute } from './attributes.js';
import type { ProtoWriter } from './proto-writer.js';

/** Tags of `opentelemetry.proto.metrics.v1` messages: `field << 3 | wire type`. */
const METRIC = 18;
const NAME = 10;
const DESCRIPTION = 18;
const UNIT = 26;
const GAUGE = 42;
const SUM = 58;
const HISTOGRAM = 74;
const EXPONENTIAL = 82;
const POINTS = 10;
const TEMPORALITY = 16;
const MONOTONIC = 24;
const NUMBER_ATTRIBUTES = 58;
const HISTOGRAM_ATTRIBUTES = 74;
const EXPONENTIAL_ATTRIBUTES = 10;
const START_TIME = 17;
const TIME = 25;
const AS_DOUBLE = 33;
const COUNT = 33;
const POINT_SUM = 41;
const BUCKET_COUNTS = 50;
const BOUNDS = 58;
const MIN = 89;
const MAX = 97;
const SCALE = 48;
const ZERO_COUNT = 57;
const POSITIVE = 66;
const BUCKETS_OFFSET = 8;
const BUCKETS_COUNTS = 18;
const EXPONENTIAL_MIN = 97;
const EXPONENTIAL_MAX = 105;

const NUMBER_EXEMPLARS = 42;
const HISTOGRAM_EXEMPLARS = 66;
const EXPONENTIAL_EXEMPLARS = 90;
const EXEMPLAR_TIME = 17;
const EXEMPLAR_DOUBLE = 25;
const EXEMPLAR_SPAN_ID = 34;
const EXEMPLAR_TRACE_ID = 42;
const EXEMPLAR_ATTRIBUTES = 58;

const DELTA = 1;
const CUMULATIVE = 2;

/** When the points hold: nanoseconds since 1970. */
export interface PointTimes {
  readonly start: bigint;
  readonly now: bigint;
}

/** Writes one instrument with all its series as `ScopeMetrics.metrics`; answers false when it has no point to tell. */
export function encodeMetric(
  writer: ProtoWriter,
  table: MetricTable,
  times: PointTimes,
  delta: boolean,
  maxChars: number,
): boolean {
  const rows = table.series.rows.filter((row) => table.touched[row.index] === 1);
  if (rows.length === 0) return false;
  const metric = writer.open(METRIC, 3);
  writer.stringField(NAME, table.name);
  if (table.options.description) writer.stringField(DESCRIPTION, table.options.description);
  if (table.options.unit) writer.stringField(UNIT, table.options.unit);
  const { kind } = table;
  const isExponential = kind === 'histogram' && table.boundaries === undefined;
  const histogram = isExponential ? EXPONENTIAL : HISTOGRAM;
  const attributesTag = isExponential ? EXPONENTIAL_ATTRIBUTES : HISTOGRAM_ATTRIBUTES;
  const data = writer.open(kind === 'gauge' ? GAUGE : kind === 'histogram' ? histogram : SUM, 3);
  for (const row of rows) {
    const point = writer.open(POINTS, 2);
    const tag = kind === 'histogram' ? attributesTag : NUMBER_ATTRIBUTES;
    for (const [key, value] of Object.entries(row.attributes)) {
      if (value !== undefined) encodeAttribute(writer, tag, key, value, maxChars);
    }
    if (kind !== 'gauge') fixed64(writer, START_TIME, times.start);
    fixed64(writer, TIME, times.now);
    if (isExponential) exponentialPoint(writer, table, row.index);
    else if (kind === 'histogram') histogramPoint(writer, table, row.index);
    else writer.doubleField(AS_DOUBLE, table.values[row.index] as number);
    const exemplarTag =
      kind !== 'histogram' ? NUMBER_EXEMPLARS : isExponential ? EXPONENTIAL_EXEMPLARS : HISTOGRAM_EXEMPLARS;
    for (const exemplar of table.exemplars[row.index] ?? []) encodeExemplar(writer, exemplarTag, exemplar, maxChars);
    writer.close(point, 2);
  }
  // An up-down counter is a level: as a delta it would be lost with one export.
  if (kind !== 'gauge') writer.varintField(TEMPORALITY, delta && kind !== 'upDownCounter' ? DELTA : CUMULATIVE);
  if (kind === 'counter') writer.varintField(MONOTONIC, 1);
  writer.close(data, 3);
  writer.close(metric, 3);
  return true;
}

function encodeExemplar(writer: ProtoWriter, tag: number, exemplar: Exemplar, maxChars: number): void {
  const { value, timeMs, traceId, spanId, attributes } = exemplar;
  const mark = writer.open(tag, 2);
  fixed64(writer, EXEMPLAR_TIME, BigInt(Math.round(timeMs * 1000)) * 1000n);
  writer.doubleField(EXEMPLAR_DOUBLE, value);
  if (spanId !== undefined) writer.hexField(EXEMPLAR_SPAN_ID, spanId);
  if (traceId !== undefined) writer.hexField(EXEMPLAR_TRACE_ID, traceId);
  for (const [key, found] of Object.entries(attributes)) {
    if (found !== undefined) encodeAttribute(writer, EXEMPLAR_ATTRIBUTES, key, found, maxChars);
  }
  writer.close(mark, 2);
}

function histogramPoint(writer: ProtoWriter, table: MetricTable, index: number): void {
  const { boundaries = [], counts } = table;
  const from = index * (boundaries.length + 1);
  let total = 0;
  for (let i = 0; i <= boundaries.length; i++) total += counts[from + i] as number;
  fixed64(writer, COUNT, BigInt(total));
  writer.doubleField(POINT_SUM, table.values[index] as number);
  const packed = writer.open(BUCKET_COUNTS);
  for (let i = 0; i <= boundaries.length; i++) {
    writer.reserve(8);
    writer.position = writer.buffer.writeBigUInt64LE(BigInt(counts[from + i] as number), writer.position);
  }
  writer.close(packed);
  const bounds = writer.open(BOUNDS);
  for (const bound of boundaries) {
    writer.reserve(8);
    writer.position = writer.buffer.writeDoubleLE(bound, writer.position);
  }
  writer.close(bounds);
  writer.doubleField(MIN, table.minimum[index] as number);
  writer.doubleField(MAX, table.maximum[index] as number);
}

function exponentialPoint(writer: ProtoWriter, table: MetricTable, index: number): void {
  const buckets = table.exponential[index] as ExponentialBuckets;
  let total = buckets.zeroCount;
  for (let at = 0; at < buckets.size; at++) total += buckets.countAt(at);
  fixed64(writer, COUNT, BigInt(total));
  writer.doubleField(POINT_SUM, table.values[index] as number);
  writer.varintField(SCALE, zigZag(buckets.scale));
  fixed64(writer, ZERO_COUNT, BigInt(buckets.zeroCount));
  if (buckets.size > 0) {
    const positive = writer.open(POSITIVE, 2);
    writer.varintField(BUCKETS_OFFSET, zigZag(buckets.offset));
    const packed = writer.open(BUCKETS_COUNTS, 2);
    for (let at = 0; at < buckets.size; at++) writer.varint(buckets.countAt(at));
    writer.close(packed, 2);
    writer.close(positive, 2);
  }
  writer.doubleField(EXPONENTIAL_MIN, table.minimum[index] as number);
  writer.doubleField(EXPONENTIAL_MAX, table.maximum[index] as number);
}

/** Signed numbers as protobuf's `sint32`. */
function zigZag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

function fixed64(writer: ProtoWriter, tag: number, value: bigint): void {
  writer.fixed64Field(tag, Number(value & 0xffffffffn), Number(value >> 32n));
}
