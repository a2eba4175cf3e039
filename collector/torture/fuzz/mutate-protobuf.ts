import { DOUBLES, INTEGERS, TEXTS } from './hostile-values.js';
import type { Random } from './random.js';

const VARINT = 0;
const FIXED64 = 1;
const LENGTH = 2;
const FIXED32 = 5;

/** A field as it stands in a message. */
interface Field {
  number: number;
  wire: number;
  /** Tag, length and value. */
  whole: Buffer;
  /** The value alone. */
  value: Buffer;
}

/**
 * One change somewhere in the tree of a protobuf message. The lengths of everything around it are made right again, so
 * that decoders get to see it, unless the change is a lie about a length.
 */
export function mutateProtobuf(message: Buffer, random: Random): Buffer {
  const fields = fieldsOf(message);
  if (fields === null || fields.length === 0) return Buffer.concat([message, oddField(random)]);
  const index = random.int(fields.length);
  const field = fields[index]!;
  const inner = field.wire === LENGTH ? fieldsOf(field.value) : null;
  const descend = inner !== null && inner.length > 0 && random.chance(0.75);
  const changed = descend
    ? lengthDelimited(field.number, mutateProtobuf(field.value, random))
    : changedField(field, fields, random);
  return Buffer.concat([
    ...fields.slice(0, index).map(({ whole }) => whole),
    changed,
    ...fields.slice(index + 1).map(({ whole }) => whole),
  ]);
}

function changedField(field: Field, siblings: Field[], random: Random): Buffer {
  const { number, wire, value, whole } = field;
  switch (random.int(14)) {
    case 0:
      return Buffer.alloc(0);
    case 1:
      return repeated(whole, random.pick([2, 3, 20]));
    case 2:
      return repeated(whole, random.pick([200, 2000, 20_000]));
    case 3:
      return Buffer.concat([random.pick(siblings).whole, whole]);
    case 4:
      return Buffer.concat([
        tag(random.pick([0, 1, 2, 3, 15, 16, 2 ** 29 - 1]), wire),
        whole.subarray(tagBytes(whole)),
      ]);
    case 5:
      return Buffer.concat([tag(number, random.int(8)), whole.subarray(tagBytes(whole))]);
    case 6:
      // A lie: the length says another thing than what follows.
      return Buffer.concat([tag(number, LENGTH), varint(random.pick(INTEGERS)), value]);
    case 7:
      return Buffer.concat([tag(number, LENGTH), varint(BigInt(value.length + random.pick([-1, 1, 2, 100]))), value]);
    case 8:
      return nested(number, value, random.pick([2, 10, 63, 64, 65, 200, 3000]));
    case 9:
      return Buffer.concat([tag(number, wire), overlong(random)]);
    case 10:
      return Buffer.concat([tag(number, 3), whole, tag(random.pick([number, number + 1]), 4)]);
    case 11:
      return lengthDelimited(number, random.bytes(random.pick([0, 1, 7, 8, 9, 15, 16, 17])));
    default:
      return otherValue(field, random);
  }
}

/** Another value of the field's own type. */
function otherValue({ number, wire }: Field, random: Random): Buffer {
  if (wire === VARINT) return Buffer.concat([tag(number, VARINT), varint(random.pick(INTEGERS))]);
  if (wire === FIXED64) {
    const bytes = Buffer.alloc(8);
    if (random.chance(0.5)) bytes.writeDoubleLE(random.pick(DOUBLES));
    else bytes.writeBigUInt64LE(random.pick(INTEGERS));
    return Buffer.concat([tag(number, FIXED64), bytes]);
  }
  if (wire === FIXED32) return Buffer.concat([tag(number, FIXED32), random.bytes(4)]);
  return lengthDelimited(number, random.pick(TEXTS));
}

function oddField(random: Random): Buffer {
  return Buffer.concat([tag(1 + random.int(16), random.int(6)), random.bytes(random.int(12))]);
}

function repeated(whole: Buffer, times: number): Buffer {
  const bounded = Math.max(1, Math.min(times, Math.floor(300_000 / whole.length)));
  return Buffer.alloc(bounded * whole.length, whole);
}

/** The value as its own child, and again: attribute values may nest, nothing else may. */
function nested(number: number, value: Buffer, depth: number): Buffer {
  let inner = value;
  for (let i = 0; i < depth && inner.length < 100_000; i++) {
    // `arrayValue.values[0]` and `kvlistValue.values[0].value` in turns.
    inner =
      i % 3 === 2
        ? lengthDelimited(6, lengthDelimited(1, lengthDelimited(2, inner)))
        : lengthDelimited(5, lengthDelimited(1, inner));
  }
  return lengthDelimited(number, inner);
}

function overlong(random: Random): Buffer {
  const length = random.pick([2, 5, 9, 10, 11, 30]);
  return Buffer.concat([Buffer.alloc(length, random.pick([0x80, 0xff])), Buffer.from([random.pick([0, 1, 0x7f])])]);
}

function fieldsOf(message: Buffer): Field[] | null {
  const fields: Field[] = [];
  let at = 0;
  while (at < message.length) {
    const head = readVarint(message, at);
    if (head === null) return null;
    const wire = Number(head.value & 7n);
    const number = Number(head.value >> 3n);
    if (number === 0 || number > 20) return null;
    let from = head.next;
    let to: number;
    if (wire === VARINT) {
      const value = readVarint(message, from);
      if (value === null) return null;
      to = value.next;
    } else if (wire === FIXED64) to = from + 8;
    else if (wire === FIXED32) to = from + 4;
    else if (wire === LENGTH) {
      const length = readVarint(message, from);
      if (length === null) return null;
      from = length.next;
      to = from + Number(length.value);
    } else return null;
    if (to > message.length) return null;
    fields.push({ number, wire, whole: message.subarray(at, to), value: message.subarray(from, to) });
    at = to;
  }
  return fields;
}

function readVarint(bytes: Buffer, at: number): { value: bigint; next: number } | null {
  let value = 0n;
  for (let i = 0; i < 10; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) return null;
    value |= BigInt(byte & 0x7f) << BigInt(7 * i);
    if (byte < 0x80) return { value, next: at + i + 1 };
  }
  return null;
}

function tagBytes(whole: Buffer): number {
  return readVarint(whole, 0)?.next ?? 1;
}

function tag(number: number, wire: number): Buffer {
  return varint((BigInt(number) << 3n) | BigInt(wire));
}

function lengthDelimited(number: number, value: Buffer): Buffer {
  return Buffer.concat([tag(number, LENGTH), varint(BigInt(value.length)), value]);
}

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}
