import { DecodeError } from '../../decode/decode-error.js';
import { MAX_NESTING, WireCursor } from '../../decode/wire-cursor.js';
import type { Field, Message } from '../../receive/json/otlp-schema.js';

/** What could be read of a request, and where reading stopped; `fault` is null when all of it was read. */
export interface ReadableBody {
  value: Record<string, unknown>;
  fault: DecodeError | null;
}

/** A request as OTLP's JSON, up to its first fault: everything that stands before it is there. */
export function otlpValue(bytes: Uint8Array, schema: Message): ReadableBody {
  const cursor = new WireCursor(bytes);
  const value: Record<string, unknown> = {};
  try {
    readMessage(cursor, bytes.length, schema, value, 0);
    return { value, fault: null };
  } catch (error) {
    if (error instanceof DecodeError) return { value, fault: error };
    throw error;
  }
}

function readMessage(
  cursor: WireCursor,
  end: number,
  schema: Message,
  into: Record<string, unknown>,
  depth: number,
): void {
  if (depth > MAX_NESTING) throw new DecodeError(`nesting deeper than ${MAX_NESTING}`, cursor.pos);
  const fields = new Map([...schema.fields].map(([name, field]) => [field.number, { name, field }]));
  while (cursor.pos < end) {
    const tag = cursor.tag(end);
    const known = fields.get(tag >>> 3);
    if (!known) {
      cursor.skip(tag, end);
      continue;
    }
    const { name, field } = known;
    if (!field.repeated) readValue(cursor, tag, end, field, (value) => (into[name] = value), depth);
    else {
      const list = (into[name] ??= []) as unknown[];
      const stop = (tag & 7) === 2 && isNumber(field) ? cursor.length(end) + cursor.pos : 0;
      if (stop === 0) readValue(cursor, tag, end, field, (value) => list.push(value), depth);
      // Packed: numbers one behind the other, without tags.
      while (cursor.pos < stop) readValue(cursor, wireOf(field), stop, field, (value) => list.push(value), depth);
    }
  }
}

function readValue(
  cursor: WireCursor,
  tag: number,
  end: number,
  field: Field,
  set: (value: unknown) => void,
  depth: number,
): void {
  const at = cursor.pos;
  const { type } = field;
  if ((tag & 7) !== wireOf(field)) throw new DecodeError(`wire type ${tag & 7} where ${wireOf(field)} belongs`, at);
  if (typeof type === 'object') {
    const stop = cursor.length(end) + cursor.pos;
    const value: Record<string, unknown> = {};
    // Set before it is read: what a fault leaves of it is shown, too.
    set(value);
    readMessage(cursor, stop, type, value, depth + 1);
    return;
  }
  set(readScalar(cursor, end, type));
}

function readScalar(cursor: WireCursor, end: number, type: Exclude<Field['type'], Message>): unknown {
  switch (type) {
    case 'string':
    case 'hex':
    case 'base64': {
      const length = cursor.length(end);
      const bytes = Buffer.from(cursor.bytes.subarray(cursor.pos, cursor.pos + length));
      cursor.pos += length;
      return bytes.toString(type === 'string' ? 'utf8' : type);
    }
    case 'bool':
      return cursor.varint32(end) !== 0;
    case 'int32':
    case 'uint32':
      return type === 'int32' ? cursor.varint32(end) | 0 : cursor.varint32(end);
    case 'sint32': {
      const value = cursor.varint32(end);
      return (value >>> 1) ^ -(value & 1);
    }
    case 'fixed32':
      return cursor.fixed32(end);
    case 'double':
      return cursor.double(end);
    case 'int64':
    case 'uint64':
      cursor.varint64(end);
      return long(cursor, type === 'int64');
    default:
      cursor.fixed64(end);
      return long(cursor, type === 'sfixed64');
  }
}

/** 64-bit numbers are text in OTLP's JSON. */
function long(cursor: WireCursor, signed: boolean): string {
  const value = (BigInt(cursor.high) << 32n) | BigInt(cursor.low);
  return (signed ? BigInt.asIntN(64, value) : value).toString();
}

function isNumber({ type }: Field): boolean {
  return typeof type === 'string' && !['string', 'hex', 'base64'].includes(type);
}

function wireOf({ type }: Field): number {
  if (typeof type === 'object') return 2;
  switch (type) {
    case 'string':
    case 'hex':
    case 'base64':
      return 2;
    case 'double':
    case 'fixed64':
    case 'sfixed64':
      return 1;
    case 'fixed32':
      return 5;
    default:
      return 0;
  }
}
