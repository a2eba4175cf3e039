import type { Attributes, AttributeValue } from '@opentelemetry/api';
import { FACT_KEYS, type Facts, factAttributes, isCorrelatedOnly } from '../context/facts.js';
import { highOf, lowOf } from '../record/clock.js';
import { errorWithoutValues, exceptionWithoutValues } from '../record/database-error.js';
import type { RecordedSpan } from '../record/recorded-span.js';
import { isStatement, withoutValues } from '../record/statement.js';
import { encodeAttribute } from './attributes.js';
import { ProtoWriter } from './proto-writer.js';

/** Tags of `opentelemetry.proto.trace.v1.Span` and its parts: `field << 3 | wire type`. */
const SPAN = 18;
const TRACE_ID = 10;
const SPAN_ID = 18;
const TRACE_STATE = 26;
const PARENT_SPAN_ID = 34;
const NAME = 42;
const KIND = 48;
const START = 57;
const END = 65;
const ATTRIBUTES = 74;
const DROPPED_ATTRIBUTES = 80;
const EVENTS = 90;
const DROPPED_EVENTS = 96;
const LINKS = 106;
const DROPPED_LINKS = 112;
const STATUS = 122;
const FLAGS = 133;
const EVENT_TIME = 9;
const EVENT_NAME = 18;
const EVENT_ATTRIBUTES = 26;
const LINK_ATTRIBUTES = 34;
const STATUS_MESSAGE = 18;
const STATUS_CODE = 24;
const MAX_FACT_CHARS = 128;
const SHARED_BYTES = 512;

/** Bit 8: whether the parent was remote is known; bit 9: it was. */
const HAS_IS_REMOTE = 0x100;
const RANDOM_TRACE_ID = 2;
const IS_REMOTE = 0x200;

/**
 * Writes one ended span as `ScopeSpans.spans`.
 * @param keepsValues whether statements of databases, and their errors, keep the values in them
 */
export function encodeSpan(writer: ProtoWriter, span: RecordedSpan, maxChars: number, keepsValues: boolean): void {
  const { birth } = span;
  const mark = writer.open(SPAN, 2);
  writer.hexField(TRACE_ID, birth.traceId);
  writer.hexField(SPAN_ID, birth.spanId);
  if (birth.traceState !== undefined) writer.stringField(TRACE_STATE, birth.traceState.serialize());
  if (birth.parentSpanId !== undefined) writer.hexField(PARENT_SPAN_ID, birth.parentSpanId);
  writer.stringField(NAME, span.name);
  // The API counts kinds from 0 (internal), OTLP from 1 (0 is unspecified).
  writer.varintField(KIND, birth.kind + 1);
  encodeTime(writer, START, span, span.startNanos);
  encodeTime(writer, END, span, span.endNanos);
  encodeSpanAttributes(writer, span, maxChars, keepsValues);
  // Only what can hold values is worth the question which database it is about.
  const mayHoldValues = span.events !== undefined || span.statusMessage !== undefined;
  const isCleaned = mayHoldValues && !keepsValues && systemOf(span.attributes) !== undefined;
  if (span.events !== undefined) encodeEvents(writer, span, maxChars, isCleaned);
  if (span.links !== undefined) encodeLinks(writer, span, maxChars);
  if (span.statusCode !== 0) encodeStatus(writer, span, isCleaned);
  encodeFlags(
    writer,
    1 | (birth.randomTraceId ? RANDOM_TRACE_ID : 0) | HAS_IS_REMOTE | (birth.parentIsRemote ? IS_REMOTE : 0),
  );
  writer.close(mark, 2);
}

function encodeSpanAttributes(writer: ProtoWriter, span: RecordedSpan, maxChars: number, keepsValues: boolean): void {
  const { attributes, shared } = span;
  if (shared !== undefined) writer.raw((shared.bytes ??= encodeShared(shared.pairs, maxChars)));
  for (let index = 0; index < attributes.length; index += 2) {
    const key = attributes[index] as string;
    const value = attributes[index + 1] as AttributeValue;
    const hasValues = !keepsValues && typeof value === 'string' && isStatement(key);
    const safe = hasValues ? withoutValues(value, systemOf(attributes)) : value;
    encodeAttribute(writer, ATTRIBUTES, key, safe, maxChars);
  }
  encodeFacts(writer, span.birth.facts, attributes);
  if (span.droppedAttributes > 0) writer.varintField(DROPPED_ATTRIBUTES, span.droppedAttributes);
}

function encodeShared(pairs: readonly unknown[], maxChars: number): Uint8Array {
  const writer = new ProtoWriter(SHARED_BYTES);
  for (let index = 0; index < pairs.length; index += 2) {
    encodeAttribute(writer, ATTRIBUTES, pairs[index] as string, pairs[index + 1] as AttributeValue, maxChars);
  }
  return Uint8Array.prototype.slice.call(writer.buffer, 0, writer.position);
}

/** Which database a span is about; flat pairs. */
function systemOf(attributes: readonly unknown[]): unknown {
  const named = attributes.indexOf('db.system.name');
  const at = named === -1 ? attributes.indexOf('db.system') : named;
  return at === -1 ? undefined : attributes[at + 1];
}

/** Facts as attributes; what the application set itself (flat pairs) stands as it said it. */
function encodeFacts(writer: ProtoWriter, facts: Facts, said: readonly unknown[]): void {
  if (isCorrelatedOnly(facts)) {
    encodeFact(writer, FACT_KEYS.correlationId, facts.correlationId, said);
    return;
  }
  const attributes = factAttributes(facts);
  for (const key in attributes) {
    const value = attributes[key];
    if (value !== undefined) encodeFact(writer, key, value, said);
  }
}

function encodeFact(writer: ProtoWriter, key: string, value: AttributeValue, said: readonly unknown[]): void {
  if (!said.includes(key)) encodeAttribute(writer, ATTRIBUTES, key, value, MAX_FACT_CHARS);
}

function encodeEvents(writer: ProtoWriter, span: RecordedSpan, maxChars: number, isCleaned: boolean): void {
  for (const event of span.events ?? []) {
    const mark = writer.open(EVENTS, 2);
    encodeTime(writer, EVENT_TIME, span, event.nanos);
    writer.stringField(EVENT_NAME, event.name);
    const attributes = isCleaned ? exceptionWithoutValues(event.attributes) : event.attributes;
    encodeRecord(writer, EVENT_ATTRIBUTES, attributes, maxChars);
    writer.close(mark, 2);
  }
  if (span.droppedEvents > 0) writer.varintField(DROPPED_EVENTS, span.droppedEvents);
}

function encodeLinks(writer: ProtoWriter, span: RecordedSpan, maxChars: number): void {
  for (const link of span.links ?? []) {
    const { traceId, spanId, traceState } = link.context;
    if (!/^[0-9a-f]{32}$/i.test(traceId) || !/^[0-9a-f]{16}$/i.test(spanId)) continue;
    const mark = writer.open(LINKS);
    writer.hexField(TRACE_ID, traceId);
    writer.hexField(SPAN_ID, spanId);
    if (traceState !== undefined) writer.stringField(TRACE_STATE, traceState.serialize());
    encodeRecord(writer, LINK_ATTRIBUTES, link.attributes, maxChars);
    writer.close(mark);
  }
  if (span.droppedLinks > 0) writer.varintField(DROPPED_LINKS, span.droppedLinks);
}

function encodeRecord(writer: ProtoWriter, tag: number, attributes: Attributes | undefined, maxChars: number): void {
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (value !== undefined && value !== null) encodeAttribute(writer, tag, key, value, maxChars);
  }
}

function encodeStatus(writer: ProtoWriter, { statusCode, statusMessage }: RecordedSpan, isCleaned: boolean): void {
  const mark = writer.open(STATUS);
  if (statusMessage !== undefined)
    writer.stringField(STATUS_MESSAGE, isCleaned ? errorWithoutValues(statusMessage) : statusMessage);
  writer.varintField(STATUS_CODE, statusCode);
  writer.close(mark);
}

function encodeTime(writer: ProtoWriter, tag: number, span: RecordedSpan, nanos: number): void {
  const { anchor } = span.birth;
  writer.fixed64Field(tag, lowOf(anchor, nanos), highOf(anchor, nanos));
}

function encodeFlags(writer: ProtoWriter, flags: number): void {
  writer.fixed32Field(FLAGS, flags);
}
