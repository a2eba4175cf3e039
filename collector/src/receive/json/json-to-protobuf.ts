import { MAX_NESTING } from '../../decode/wire-cursor.js';
import { WireWriter } from '../../decode/wire-writer.js';
import { JsonFault } from './json-error.js';
import type { Field, FieldType, Message } from './otlp-schema.js';
import { parseJson } from './parse-json.js';

const VARINT = 0;
const FIXED64 = 1;
const LENGTH = 2;
const FIXED32 = 5;

/**
 * Translates an OTLP/JSON request (opentelemetry.io/docs/specs/otlp, "JSON Protobuf Encoding") into protobuf: ids are
 * hex, 64-bit integers text or numbers, enums numbers, unknown fields are ignored. An id that is not hex becomes an
 * empty one, so that only its own item is rejected.
 * @throws JsonFault with the path of the fault.
 */
export function jsonToProtobuf(bytes: Uint8Array, schema: Message): Uint8Array {
  const value = parseJson(bytes);
  const writer = new WireWriter(bytes.length);
  writeMessage(writer, asObject(value, ''), schema, '', 0);
  return writer.finish();
}

function writeMessage(
  writer: WireWriter,
  value: Record<string, unknown>,
  schema: Message,
  path: string,
  depth: number,
) {
  if (depth > MAX_NESTING * 2) throw new JsonFault(`nesting deeper than ${MAX_NESTING * 2}`);
  for (const name of Object.keys(value)) {
    const field = schema.fields.get(name);
    const content = value[name];
    if (field === undefined || content === null) continue;
    const at = path === '' ? name : `${path}.${name}`;
    if (!field.repeated) {
      writeField(writer, field, content, at, depth);
      continue;
    }
    if (!Array.isArray(content)) throw new JsonFault('an array is expected', at);
    for (let i = 0; i < content.length; i++) writeField(writer, field, content[i], `${at}[${i}]`, depth);
  }
}

function writeField(writer: WireWriter, { number, type }: Field, value: unknown, path: string, depth: number): void {
  writer.varint((number << 3) | wireType(type));
  if (typeof type === 'object') {
    const mark = writer.open();
    writeMessage(writer, asObject(value, path), type, path, depth + 1);
    writer.close(mark);
    return;
  }
  switch (type) {
    case 'string':
      if (typeof value !== 'string') throw new JsonFault('text is expected', path);
      writer.text(value);
      return;
    case 'bool':
      if (typeof value !== 'boolean') throw new JsonFault('true or false is expected', path);
      writer.varint(value ? 1 : 0);
      return;
    case 'hex':
      writer.lengthDelimited(hexBytes(value, path));
      return;
    case 'base64':
      if (typeof value !== 'string') throw new JsonFault('base64 is expected', path);
      writer.lengthDelimited(Buffer.from(value, 'base64'));
      return;
    case 'double':
      writer.double(asDouble(value, path));
      return;
    case 'fixed64':
    case 'sfixed64':
      writer.fixed64(asInteger(value, path));
      return;
    case 'fixed32':
      writer.fixed32(Number(BigInt.asUintN(32, asInteger(value, path))));
      return;
    case 'sint32': {
      const integer = BigInt.asIntN(32, asInteger(value, path));
      writer.varint64(integer < 0n ? -integer * 2n - 1n : integer * 2n);
      return;
    }
    default:
      writer.varint64(asInteger(value, path));
  }
}

function wireType(type: FieldType): number {
  switch (type) {
    case 'fixed64':
    case 'sfixed64':
    case 'double':
      return FIXED64;
    case 'fixed32':
      return FIXED32;
    case 'bool':
    case 'int32':
    case 'uint32':
    case 'sint32':
    case 'int64':
    case 'uint64':
      return VARINT;
    default:
      return LENGTH;
  }
}

function asObject(value: unknown, path: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new JsonFault('an object is expected', path);
  return value as Record<string, unknown>;
}

function hexBytes(value: unknown, path: string): Uint8Array {
  if (typeof value !== 'string') throw new JsonFault('a hex id is expected', path);
  return Buffer.from(/^(?:[0-9a-f]{2})*$/i.test(value) ? value : '', 'hex');
}

function asInteger(value: unknown, path: string): bigint {
  if (typeof value === 'number' && Number.isInteger(value)) return BigInt(value);
  if (typeof value === 'string' && /^-?\d{1,20}$/.test(value)) return BigInt(value);
  throw new JsonFault('an integer is expected', path);
}

function asDouble(value: unknown, path: string): number {
  if (typeof value === 'number') return value;
  if (value === 'NaN') return Number.NaN;
  if (value === 'Infinity') return Number.POSITIVE_INFINITY;
  if (value === '-Infinity') return Number.NEGATIVE_INFINITY;
  if (typeof value === 'string' && /^-?\d/.test(value) && Number.isFinite(Number(value))) return Number(value);
  throw new JsonFault('a number is expected', path);
}
