import { type AttributeColumns, AttributeType } from '../telemetry/attribute-columns.js';
import { ABSENT } from '../telemetry/span-columns.js';
import { WireCursor } from './wire-cursor.js';

/** What an attribute's value is in JavaScript and in JSON. */
export type AttributeValue = string | number | boolean | null | AttributeValue[] | { [key: string]: AttributeValue };

/** The attributes of one request over its bytes: every `…Columns` is one. */
export interface AttributeSource {
  bytes: Uint8Array;
  attributes: AttributeColumns;
}

/** UTF-8 text of a range. What is not UTF-8 becomes U+FFFD; nothing is thrown. */
export function textAt(bytes: Uint8Array, offset: number, length: number): string {
  return length === 0 ? '' : asBuffer(bytes).toString('utf8', offset, offset + length);
}

/** Lower-case hex of the `length` (16 for traces, 8 for spans) bytes at `offset`; empty for {@link ABSENT}. */
export function hexAt(bytes: Uint8Array, offset: number, length: number): string {
  return offset === ABSENT ? '' : asBuffer(bytes).toString('hex', offset, offset + length);
}

/** Bytes to look keys up with in {@link findAttribute}: make them once. */
export function keyBytes(key: string): Uint8Array {
  return Buffer.from(key, 'utf8');
}

/** First row in `[from, to)` whose key is `key`, or -1. Compares bytes, allocates nothing. */
export function findAttribute(source: AttributeSource, from: number, to: number, key: Uint8Array): number {
  const { keyLength, keyOffset } = source.attributes;
  const wanted = key.length;
  for (let row = from; row < to; row++) {
    if (keyLength[row] === wanted && bytesEqual(source.bytes, keyOffset[row]!, key)) return row;
  }
  return -1;
}

/** Whether the bytes at `offset` are `expected`. */
export function bytesEqual(bytes: Uint8Array, offset: number, expected: Uint8Array): boolean {
  // From the end: keys share prefixes ("http.", "db."), seldom suffixes.
  for (let i = expected.length - 1; i >= 0; i--) if (bytes[offset + i] !== expected[i]) return false;
  return true;
}

/** Key of a row. */
export function attributeKey({ bytes, attributes }: AttributeSource, row: number): string {
  return textAt(bytes, attributes.keyOffset[row]!, attributes.keyLength[row]!);
}

/**
 * Value of a row. Integers beyond ±(2⁵³−1) come as decimal text, since a number would change them; NaN and the
 * infinities as OTLP's JSON spells them; bytes as base64.
 */
export function attributeValue({ bytes, attributes }: AttributeSource, row: number): AttributeValue {
  const offset = attributes.valueOffset[row]!;
  const length = attributes.valueLength[row]!;
  switch (attributes.type[row]) {
    case AttributeType.string:
      return textAt(bytes, offset, length);
    case AttributeType.boolean:
      return attributes.number[row] === 1;
    case AttributeType.int:
      return integerValue(attributes.number[row]!, () => attributes.int[row]!);
    case AttributeType.double:
      return doubleValue(attributes.number[row]!);
    case AttributeType.array:
      return arrayAt(bytes, offset, length);
    case AttributeType.map:
      return mapAt(bytes, offset, length);
    case AttributeType.bytes:
      return asBuffer(bytes).toString('base64', offset, offset + length);
    default:
      return null;
  }
}

/** Value of a row as text: strings as they are, everything else as JSON; empty for an empty value. */
export function attributeText(source: AttributeSource, row: number): string {
  const value = attributeValue(source, row);
  if (value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** All attributes of `[from, to)` as one object; of a key that stands twice the first counts. */
export function attributesObject(source: AttributeSource, from: number, to: number): Record<string, AttributeValue> {
  const entries = new Map<string, AttributeValue>();
  for (let row = from; row < to; row++) {
    const key = attributeKey(source, row);
    if (!entries.has(key)) entries.set(key, attributeValue(source, row));
  }
  return Object.fromEntries(entries);
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function integerValue(value: number, exact: () => bigint): number | string {
  return Number.isSafeInteger(value) ? value : exact().toString();
}

function doubleValue(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

/** Elements of an encoded `ArrayValue` that a decoder has checked. */
function arrayAt(bytes: Uint8Array, offset: number, length: number): AttributeValue[] {
  const cursor = new WireCursor(bytes);
  cursor.pos = offset;
  const end = offset + length;
  const values: AttributeValue[] = [];
  while (cursor.pos < end) {
    const tag = cursor.tag(end);
    if (tag === 10) values.push(valueAt(cursor, cursor.length(end)));
    else cursor.skip(tag, end);
  }
  return values;
}

/** Entries of an encoded `KeyValueList` that a decoder has checked. `fromEntries` makes `__proto__` a plain key. */
function mapAt(bytes: Uint8Array, offset: number, length: number): Record<string, AttributeValue> {
  const cursor = new WireCursor(bytes);
  cursor.pos = offset;
  const end = offset + length;
  const entries: [string, AttributeValue][] = [];
  while (cursor.pos < end) {
    const tag = cursor.tag(end);
    if (tag !== 10) {
      cursor.skip(tag, end);
      continue;
    }
    const entryLength = cursor.length(end);
    const entryEnd = cursor.pos + entryLength;
    let key = '';
    let value: AttributeValue = null;
    while (cursor.pos < entryEnd) {
      const inner = cursor.tag(entryEnd);
      if (inner === 10) {
        const keyLength = cursor.length(entryEnd);
        key = textAt(bytes, cursor.pos, keyLength);
        cursor.pos += keyLength;
      } else if (inner === 18) value = valueAt(cursor, cursor.length(entryEnd));
      else cursor.skip(inner, entryEnd);
    }
    entries.push([key, value]);
  }
  return Object.fromEntries(entries);
}

function valueAt(cursor: WireCursor, length: number): AttributeValue {
  const { bytes } = cursor;
  const end = cursor.pos + length;
  let value: AttributeValue = null;
  while (cursor.pos < end) {
    const tag = cursor.tag(end);
    switch (tag) {
      case 16:
        value = cursor.varint32(end) !== 0;
        break;
      case 24:
        cursor.varint64(end);
        value = integerValue(cursor.signed(), () =>
          BigInt.asIntN(64, (BigInt(cursor.high) << 32n) | BigInt(cursor.low)),
        );
        break;
      case 33:
        value = doubleValue(cursor.double(end));
        break;
      case 10:
      case 42:
      case 50:
      case 58: {
        const inner = cursor.length(end);
        const at = cursor.pos;
        if (tag === 10) value = textAt(bytes, at, inner);
        else if (tag === 42) value = arrayAt(bytes, at, inner);
        else if (tag === 50) value = mapAt(bytes, at, inner);
        else value = asBuffer(bytes).toString('base64', at, at + inner);
        cursor.pos = at + inner;
        break;
      }
      default:
        cursor.skip(tag, end);
    }
  }
  return value;
}
