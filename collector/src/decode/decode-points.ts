import { ABSENT } from '../telemetry/span-columns.js';
import { decodeKeyValue } from './decode-attributes.js';
import { DecodeError } from './decode-error.js';
import { idOffset } from './ids.js';
import type { MetricTable } from './metric-tables.js';
import type { WireCursor } from './wire-cursor.js';

/** Longest list of packed bucket counts of an exponential histogram, in bytes. */
const MAX_PACKED_BUCKETS = 1 << 20;

/** Reads a `NumberDataPoint` that ends at `end` into `row`. */
export function decodeNumberPoint(cursor: WireCursor, end: number, table: MetricTable, row: number): void {
  const { points } = table;
  let firstExemplar = -1;
  points.attribute.from[row] = table.attributes.count;
  while (cursor.pos < end) {
    const at = cursor.pos;
    const tag = cursor.tag(end);
    if (tag === 58) readAttribute(cursor, end, table);
    else if (tag === 33) points.value[row] = cursor.double(end);
    else if (tag === 49) {
      cursor.fixed64(end);
      points.value[row] = cursor.signed();
    } else if (tag === 64) points.flags[row] = cursor.varint32(end);
    else {
      if (tag === 42 && firstExemplar === -1) firstExemplar = at;
      readTimes(cursor, tag, end, table, row);
    }
  }
  points.attribute.to[row] = table.attributes.count;
  decodeExemplars(cursor, firstExemplar, end, table, row, 42);
}

/** Reads a `HistogramDataPoint` that ends at `end` into `row`. */
export function decodeHistogramPoint(cursor: WireCursor, end: number, table: MetricTable, row: number): void {
  const { points } = table;
  const counts: number[] = [];
  const bounds: number[] = [];
  let firstExemplar = -1;
  points.attribute.from[row] = table.attributes.count;
  while (cursor.pos < end) {
    const at = cursor.pos;
    const tag = cursor.tag(end);
    if (tag === 74) readAttribute(cursor, end, table);
    else if (tag === 33) points.observations[row] = readCount(cursor, end);
    else if (tag === 41) points.value[row] = cursor.double(end);
    else if (tag === 49) counts.push(readCount(cursor, end));
    else if (tag === 50) {
      for (const packed = cursor.length(end) + cursor.pos; cursor.pos < packed; )
        counts.push(readCount(cursor, packed));
    } else if (tag === 57) bounds.push(cursor.double(end));
    else if (tag === 58) {
      for (const packed = cursor.length(end) + cursor.pos; cursor.pos < packed; ) bounds.push(cursor.double(packed));
    } else if (tag === 80) points.flags[row] = cursor.varint32(end);
    else if (tag === 89) points.min[row] = cursor.double(end);
    else if (tag === 97) points.max[row] = cursor.double(end);
    else {
      if (tag === 66 && firstExemplar === -1) firstExemplar = at;
      readTimes(cursor, tag, end, table, row);
    }
  }
  points.attribute.to[row] = table.attributes.count;
  points.store(points.bucketCounts, row, counts);
  points.store(points.bounds, row, bounds);
  decodeExemplars(cursor, firstExemplar, end, table, row, 66);
}

/** Reads an `ExponentialHistogramDataPoint` that ends at `end` into `row`. */
export function decodeExponentialPoint(cursor: WireCursor, end: number, table: MetricTable, row: number): void {
  const { points } = table;
  const positive: number[] = [];
  const negative: number[] = [];
  let firstExemplar = -1;
  points.attribute.from[row] = table.attributes.count;
  while (cursor.pos < end) {
    const at = cursor.pos;
    const tag = cursor.tag(end);
    if (tag === 10) readAttribute(cursor, end, table);
    else if (tag === 33) points.observations[row] = readCount(cursor, end);
    else if (tag === 41) points.value[row] = cursor.double(end);
    else if (tag === 48) points.scale[row] = zigZag(cursor.varint32(end));
    else if (tag === 57) points.zeroCount[row] = readCount(cursor, end);
    else if (tag === 66) points.positiveOffset[row] = readBuckets(cursor, end, positive);
    else if (tag === 74) points.negativeOffset[row] = readBuckets(cursor, end, negative);
    else if (tag === 80) points.flags[row] = cursor.varint32(end);
    else if (tag === 97) points.min[row] = cursor.double(end);
    else if (tag === 105) points.max[row] = cursor.double(end);
    else {
      if (tag === 90 && firstExemplar === -1) firstExemplar = at;
      readTimes(cursor, tag, end, table, row);
    }
  }
  points.attribute.to[row] = table.attributes.count;
  points.store(points.bucketCounts, row, positive);
  points.store(points.negativeCounts, row, negative);
  decodeExemplars(cursor, firstExemplar, end, table, row, 90);
}

/** Reads a `SummaryDataPoint` that ends at `end` into `row`: quantiles as bounds, their values as buckets. */
export function decodeSummaryPoint(cursor: WireCursor, end: number, table: MetricTable, row: number): void {
  const { points } = table;
  const quantiles: number[] = [];
  const values: number[] = [];
  points.attribute.from[row] = table.attributes.count;
  while (cursor.pos < end) {
    const tag = cursor.tag(end);
    if (tag === 58) readAttribute(cursor, end, table);
    else if (tag === 33) points.observations[row] = readCount(cursor, end);
    else if (tag === 41) points.value[row] = cursor.double(end);
    else if (tag === 50) {
      const length = cursor.length(end);
      readQuantile(cursor, cursor.pos + length, quantiles, values);
    } else if (tag === 64) points.flags[row] = cursor.varint32(end);
    else readTimes(cursor, tag, end, table, row);
  }
  points.attribute.to[row] = table.attributes.count;
  points.store(points.bucketCounts, row, values);
  points.store(points.bounds, row, quantiles);
}

/** Start (2) and time (3) have the same numbers in every kind of point; what is neither is stepped over. */
function readTimes(cursor: WireCursor, tag: number, end: number, { points }: MetricTable, row: number): void {
  if (tag !== 17 && tag !== 25) {
    cursor.skip(tag, end);
    return;
  }
  cursor.fixed64(end);
  const target = tag === 17 ? points.startWords : points.timeWords;
  target[row * 2] = cursor.low;
  target[row * 2 + 1] = cursor.high;
}

function readAttribute(cursor: WireCursor, end: number, table: MetricTable): void {
  const length = cursor.length(end);
  decodeKeyValue(cursor, cursor.pos + length, table.attributes);
}

function readCount(cursor: WireCursor, end: number): number {
  cursor.fixed64(end);
  return cursor.unsigned();
}

function zigZag(value: number): number {
  return (value >>> 1) ^ -(value & 1);
}

/** Reads `Buckets`: appends the counts, returns the offset of the first. */
function readBuckets(cursor: WireCursor, outerEnd: number, counts: number[]): number {
  const length = cursor.length(outerEnd);
  const end = cursor.pos + length;
  let offset = 0;
  while (cursor.pos < end) {
    const tag = cursor.tag(end);
    if (tag === 8) offset = zigZag(cursor.varint32(end));
    else if (tag === 16) {
      cursor.varint64(end);
      counts.push(cursor.unsigned());
    } else if (tag === 18) {
      const length = cursor.length(end);
      // A byte each at least: more of them than this no histogram has.
      if (length > MAX_PACKED_BUCKETS) throw new DecodeError('a histogram of too many buckets', cursor.pos);
      const packed = length + cursor.pos;
      while (cursor.pos < packed) {
        cursor.varint64(packed);
        counts.push(cursor.unsigned());
      }
    } else cursor.skip(tag, end);
  }
  return offset;
}

function readQuantile(cursor: WireCursor, end: number, quantiles: number[], values: number[]): void {
  let quantile = 0;
  let value = 0;
  while (cursor.pos < end) {
    const tag = cursor.tag(end);
    if (tag === 9) quantile = cursor.double(end);
    else if (tag === 17) value = cursor.double(end);
    else cursor.skip(tag, end);
  }
  quantiles.push(quantile);
  values.push(value);
}

/** Second look at a point, for its exemplars: their attributes must not come between the point's own. */
function decodeExemplars(
  cursor: WireCursor,
  first: number,
  end: number,
  table: MetricTable,
  row: number,
  exemplarTag: number,
): void {
  table.points.exemplar.from[row] = table.exemplars.count;
  if (first !== -1) {
    cursor.pos = first;
    while (cursor.pos < end) {
      const tag = cursor.tag(end);
      if (tag === exemplarTag) {
        const length = cursor.length(end);
        decodeExemplar(cursor, cursor.pos + length, table);
      } else cursor.skip(tag, end);
    }
  }
  table.points.exemplar.to[row] = table.exemplars.count;
}

function decodeExemplar(cursor: WireCursor, end: number, table: MetricTable): void {
  const { exemplars, attributes } = table;
  const row = exemplars.add();
  exemplars.traceId[row] = ABSENT;
  exemplars.spanId[row] = ABSENT;
  exemplars.attribute.from[row] = attributes.count;
  while (cursor.pos < end) {
    const tag = cursor.tag(end);
    switch (tag) {
      case 17:
        cursor.fixed64(end);
        exemplars.timeWords[row * 2] = cursor.low;
        exemplars.timeWords[row * 2 + 1] = cursor.high;
        break;
      case 25:
        exemplars.value[row] = cursor.double(end);
        break;
      case 49:
        cursor.fixed64(end);
        exemplars.value[row] = cursor.signed();
        break;
      case 34:
      case 42: {
        const length = cursor.length(end);
        const column = tag === 34 ? exemplars.spanId : exemplars.traceId;
        column[row] = idOffset(cursor.bytes, cursor.pos, length, tag === 34 ? 8 : 16);
        cursor.pos += length;
        break;
      }
      case 58: {
        const length = cursor.length(end);
        decodeKeyValue(cursor, cursor.pos + length, attributes);
        break;
      }
      default:
        cursor.skip(tag, end);
    }
  }
  exemplars.attribute.to[row] = attributes.count;
}
