import type { AttributeValue } from '@opentelemetry/api';
import { ARRAY_VALUE, BOOL_VALUE, DOUBLE_VALUE, INT_VALUE, ITEM, KEY, STRING_VALUE, VALUE } from './any-value-tags.js';
import type { ProtoWriter } from './proto-writer.js';

/** Below this, key and value together surely fit messages with one-byte lengths. */
const SHORT_CHARS = 110;

/** One `KeyValue` under `tag`. Text longer than `maxChars` is cut. Values the API does not allow are written as text. */
export function encodeAttribute(
  writer: ProtoWriter,
  tag: number,
  key: string,
  value: AttributeValue,
  maxChars: number,
): void {
  if (typeof value === 'string') {
    encodeText(writer, tag, key, value.length > maxChars ? value.slice(0, maxChars) : value);
    return;
  }
  if (isSmall(value) && key.length < SHORT_CHARS && writer.shortNumber(tag, key, value)) return;
  const pair = writer.open(tag);
  writer.stringField(KEY, key);
  const wrapped = writer.open(VALUE);
  encodeValue(writer, value, maxChars);
  writer.close(wrapped);
  writer.close(pair);
}

function encodeText(writer: ProtoWriter, tag: number, key: string, value: string): void {
  if (key.length + value.length < SHORT_CHARS && writer.shortPair(tag, key, value)) return;
  const pair = writer.open(tag, 2);
  writer.stringField(KEY, key);
  const wrapped = writer.open(VALUE, 2);
  writer.stringField(STRING_VALUE, value);
  writer.close(wrapped, 2);
  writer.close(pair, 2);
}

/** The content of an `AnyValue`. */
function encodeValue(writer: ProtoWriter, value: unknown, maxChars: number): void {
  if (typeof value === 'string')
    writer.stringField(STRING_VALUE, value.length > maxChars ? value.slice(0, maxChars) : value);
  else if (typeof value === 'number') encodeNumber(writer, value);
  else if (typeof value === 'boolean') writer.varintField(BOOL_VALUE, value ? 1 : 0);
  else if (Array.isArray(value)) {
    const list = writer.open(ARRAY_VALUE);
    for (const item of value) {
      const entry = writer.open(ITEM);
      // A hole in a list is an empty AnyValue.
      if (item !== null && item !== undefined) encodeValue(writer, item, maxChars);
      writer.close(entry);
    }
    writer.close(list);
  } else writer.stringField(STRING_VALUE, textOf(value).slice(0, maxChars));
}

/** A count, a status code: what nearly every number is. */
function isSmall(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value < 0x4000 && Math.trunc(value) === value;
}

function encodeNumber(writer: ProtoWriter, value: number): void {
  if (Number.isSafeInteger(value)) {
    writer.varint(INT_VALUE);
    writer.int64(value);
  } else writer.doubleField(DOUBLE_VALUE, value);
}

function textOf(value: unknown): string {
  try {
    return typeof value === 'object' ? JSON.stringify(value) : String(value as bigint | symbol | undefined);
  } catch {
    return '[unserialisable]';
  }
}
