import type { Context } from '@opentelemetry/api';
import { spanOf } from '../context/context.js';
import { FACT_KEYS, type Facts, isCorrelatedOnly, SAGA_STEP_ATTRIBUTE } from '../context/facts.js';
import { factsOf } from '../context/line-facts.js';
import { readLine } from '../record/line-fields.js';
import type { LogMap, LogRecord, LogValue } from '../record/log-record.js';
import {
  ARRAY_VALUE,
  BOOL_VALUE,
  BYTES_VALUE,
  DOUBLE_VALUE,
  INT_VALUE,
  ITEM,
  KEY,
  MAP_VALUE,
  STRING_VALUE,
  VALUE,
} from './any-value-tags.js';
import { encodeAttribute } from './attributes.js';
import { ATTRIBUTES, BODY, type JsonLines } from './json-lines.js';
import { type LogLimits, MAX_DEPTH, MAX_ITEMS } from './log-limits.js';
import type { ProtoWriter } from './proto-writer.js';

/** Tags of `opentelemetry.proto.logs.v1.LogRecord`: `field << 3 | wire type`. */
const LOG_RECORD = 18;
const TIME = 9;
const SEVERITY_NUMBER = 16;
const SEVERITY_TEXT = 26;
const DROPPED_ATTRIBUTES = 56;
const FLAGS = 69;
const TRACE_ID = 74;
const SPAN_ID = 82;
const OBSERVED_TIME = 89;
const EVENT_NAME = 98;

const NOTHING: LogMap = {};
const MAX_FACT_CHARS = 128;
/** In a millisecond. */
const NANOS = 1_000_000;
const TWO_12 = 2 ** 12;
const TWO_20 = 2 ** 20;
const TWO_32 = 2 ** 32;

/** Writes one log record as `ScopeLogs.log_records`, with ids and facts of the context it was written in. */
export function encodeLogRecord(
  writer: ProtoWriter,
  record: LogRecord,
  context: Context,
  limits: LogLimits,
  lines: JsonLines,
): void {
  const mark = writer.open(LOG_RECORD, 2);
  const now = Date.now();
  timeField(writer, TIME, record.timeMs ?? now);
  timeField(writer, OBSERVED_TIME, now);
  if (record.severityNumber) writer.varintField(SEVERITY_NUMBER, record.severityNumber);
  if (record.severityText) writer.stringField(SEVERITY_TEXT, record.severityText);
  const said = encodeContent(writer, record, limits, lines);
  const spanContext = spanOf(context)?.spanContext();
  if (spanContext !== undefined) {
    encodeFacts(writer, factsOf(context, spanContext.traceId), said);
    writer.fixed32Field(FLAGS, spanContext.traceFlags);
    writer.hexField(TRACE_ID, spanContext.traceId);
    writer.hexField(SPAN_ID, spanContext.spanId);
  }
  if (record.eventName) writer.stringField(EVENT_NAME, record.eventName);
  writer.close(mark, 2);
}

/** Body and attributes; answers the attributes that may be in the place of facts. */
function encodeContent(writer: ProtoWriter, record: LogRecord, limits: LogLimits, lines: JsonLines): LogMap {
  const { line } = record;
  if (line !== undefined && lines.encode(writer, line)) return NOTHING;
  const { body, attributes = NOTHING } = line === undefined ? record : readLine(line);
  if (body !== undefined && body !== null) {
    const mark = writer.open(BODY, 2);
    anyValue(writer, body, limits.maxChars, 0);
    writer.close(mark, 2);
  }
  encodeAttributes(writer, attributes, limits);
  return attributes;
}

function encodeAttributes(writer: ProtoWriter, attributes: LogMap, limits: LogLimits): void {
  let written = 0;
  let dropped = 0;
  for (const key in attributes) {
    const value = attributes[key];
    if (value === undefined || typeof value === 'function' || typeof value === 'symbol') continue;
    if (written === limits.attributes) {
      dropped++;
      continue;
    }
    written++;
    keyValue(writer, ATTRIBUTES, key, value, limits.maxChars, 0);
  }
  if (dropped > 0) writer.varintField(DROPPED_ATTRIBUTES, dropped);
}

/** The whole set of facts; what the application said itself stands. */
function encodeFacts(writer: ProtoWriter, facts: Facts, said: object): void {
  if (isCorrelatedOnly(facts)) {
    const key = FACT_KEYS.correlationId;
    if (!(key in said)) encodeAttribute(writer, ATTRIBUTES, key, facts.correlationId, MAX_FACT_CHARS);
    return;
  }
  const write = (key: string, value: string | boolean | undefined): void => {
    if (value !== undefined && !(key in said)) keyValue(writer, ATTRIBUTES, key, value, MAX_FACT_CHARS, 0);
  };
  write(FACT_KEYS.correlationId, facts.correlationId);
  write(FACT_KEYS.sagaId, facts.sagaId);
  write(FACT_KEYS.sagaName, facts.sagaName);
  write(SAGA_STEP_ATTRIBUTE, facts.sagaStep);
  if (!facts.synthetic) return;
  write(FACT_KEYS.synthetic, true);
  write(FACT_KEYS.syntheticCheck, facts.syntheticCheck);
  write(FACT_KEYS.syntheticRun, facts.syntheticRun);
}

function keyValue(
  writer: ProtoWriter,
  tag: number,
  key: string,
  value: LogValue,
  maxChars: number,
  depth: number,
): void {
  const pair = writer.open(tag);
  writer.stringField(KEY, key);
  const wrapped = writer.open(VALUE);
  anyValue(writer, value, maxChars, depth);
  writer.close(wrapped);
  writer.close(pair);
}

/** The content of an `AnyValue`. Anything an application can log is written somehow; nothing here throws on a cycle. */
function anyValue(writer: ProtoWriter, value: LogValue, maxChars: number, depth: number): void {
  switch (typeof value) {
    case 'string':
      writer.stringField(STRING_VALUE, value.length > maxChars ? value.slice(0, maxChars) : value);
      return;
    case 'number':
      if (Number.isSafeInteger(value)) {
        writer.varint(INT_VALUE);
        writer.int64(value);
      } else writer.doubleField(DOUBLE_VALUE, value);
      return;
    case 'boolean':
      writer.varintField(BOOL_VALUE, value ? 1 : 0);
      return;
    case 'bigint':
      if (BigInt.asIntN(64, value) === value) {
        writer.varint(INT_VALUE);
        writer.bigVarint(value);
      } else writer.stringField(STRING_VALUE, value.toString());
      return;
    case 'object':
      if (value !== null) objectValue(writer, value, maxChars, depth);
      return;
    default:
  }
}

function objectValue(
  writer: ProtoWriter,
  value: Exclude<LogValue, null> & object,
  maxChars: number,
  depth: number,
): void {
  if (value instanceof Uint8Array) {
    writer.bytesField(BYTES_VALUE, value.subarray(0, maxChars));
  } else if (value instanceof Date || value instanceof Error || value instanceof RegExp || value instanceof URL) {
    writer.stringField(STRING_VALUE, (value instanceof Date ? isoTime(value) : String(value)).slice(0, maxChars));
  } else if (depth >= MAX_DEPTH) {
    writer.stringField(STRING_VALUE, '[…]');
  } else if (Array.isArray(value)) {
    const list = writer.open(ARRAY_VALUE, 2);
    for (const item of value.slice(0, MAX_ITEMS) as LogValue[]) {
      const entry = writer.open(ITEM);
      anyValue(writer, item, maxChars, depth + 1);
      writer.close(entry);
    }
    writer.close(list, 2);
  } else {
    const map = writer.open(MAP_VALUE, 2);
    const plain = value as LogMap;
    for (const key of Object.keys(plain).slice(0, MAX_ITEMS)) {
      const item = plain[key];
      if (item !== undefined && typeof item !== 'function') keyValue(writer, ITEM, key, item, maxChars, depth + 1);
    }
    writer.close(map, 2);
  }
}

function isoTime(date: Date): string {
  return Number.isNaN(date.getTime()) ? 'Invalid Date' : date.toISOString();
}

/** The time written last: a record has two, mostly the same, and so have records of one millisecond. */
const written = { ms: Number.NaN, low: 0, high: 0 };

/** Milliseconds with fractions as `fixed64` nanoseconds; an absurd time is the present. */
function timeField(writer: ProtoWriter, tag: number, timeMs: number): void {
  if (timeMs !== written.ms) {
    const sane = timeMs > 0 && timeMs < 18_446_744_073_709 ? timeMs : Date.now();
    const whole = Math.floor(sane);
    // In two parts, for their product does not fit into a number: whole = upper · 2²⁰ + rest.
    const upper = Math.floor(whole / TWO_20);
    const upperNanos = upper * NANOS;
    const restNanos = (whole - upper * TWO_20) * NANOS + Math.round((sane - whole) * NANOS);
    const low = (upperNanos % TWO_12) * TWO_20 + restNanos;
    written.low = low % TWO_32;
    written.high = Math.floor(upperNanos / TWO_12) + Math.floor(low / TWO_32);
    // An absurd one is the present of its own call.
    written.ms = sane === timeMs ? timeMs : Number.NaN;
  }
  writer.fixed64Field(tag, written.low, written.high);
}
