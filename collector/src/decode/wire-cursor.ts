import { DecodeError } from './decode-error.js';

/** Protobuf's own limit for nested messages; OTLP needs about ten, attribute values the rest. */
export const MAX_NESTING = 64;

const WIRE_VARINT = 0;
const WIRE_FIXED64 = 1;
const WIRE_LENGTH = 2;
const WIRE_GROUP = 3;
const WIRE_GROUP_END = 4;
const WIRE_FIXED32 = 5;

/**
 * Reads protobuf's wire format (protobuf.dev/programming-guides/encoding) from a byte array that nobody vouches for:
 * every read is checked against `end`, which callers narrow to the message they are in.
 */
export class WireCursor {
  bytes: Uint8Array;
  pos = 0;
  /** Low and high word of the last 64-bit value read, unsigned. */
  low = 0;
  high = 0;
  private view: DataView;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Field number and wire type as one number: `field << 3 | type`. */
  tag(end: number): number {
    const first = this.pos;
    if (first < end) {
      const byte = this.bytes[first]!;
      if (byte < 0x80 && byte >= 8) {
        this.pos = first + 1;
        return byte;
      }
    }
    const tag = this.varint32(end);
    if (tag >>> 3 === 0) throw new DecodeError('field number 0', first);
    return tag;
  }

  /** The low 32 bits of a varint of up to ten bytes, unsigned. */
  varint32(end: number): number {
    const bytes = this.bytes;
    let pos = this.pos;
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (pos >= end) throw new DecodeError('the message ends inside a number', pos);
      const byte = bytes[pos++]!;
      if (shift < 32) value |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        this.pos = pos;
        return value >>> 0;
      }
    }
    throw new DecodeError('a number of more than ten bytes', this.pos);
  }

  /** Reads a 64-bit varint into `low` and `high`. */
  varint64(end: number): void {
    const bytes = this.bytes;
    let pos = this.pos;
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (pos >= end) throw new DecodeError('the message ends inside a number', pos);
      const byte = bytes[pos++]!;
      const bits = byte & 0x7f;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= bits << 28;
        high |= bits >>> 4;
      } else if (shift < 64) high |= bits << (shift - 32);
      if (byte < 0x80) {
        this.pos = pos;
        this.low = low >>> 0;
        this.high = high >>> 0;
        return;
      }
    }
    throw new DecodeError('a number of more than ten bytes', this.pos);
  }

  /** Length of what follows, checked to lie within `end`. */
  length(end: number): number {
    const at = this.pos;
    let length: number;
    if (at < end && this.bytes[at]! < 0x80) {
      length = this.bytes[at]!;
      this.pos = at + 1;
    } else {
      length = this.varint32(end);
    }
    if (length > end - this.pos)
      throw new DecodeError(`a length of ${length} bytes where ${end - this.pos} are left`, at);
    return length;
  }

  fixed32(end: number): number {
    const pos = this.advance(4, end);
    return this.view.getUint32(pos, true);
  }

  /** Reads eight bytes into `low` and `high`. */
  fixed64(end: number): void {
    const pos = this.advance(8, end);
    this.low = this.view.getUint32(pos, true);
    this.high = this.view.getUint32(pos + 4, true);
  }

  double(end: number): number {
    return this.view.getFloat64(this.advance(8, end), true);
  }

  /** The last 64-bit value as a double, unsigned; exact up to 2⁵³. */
  unsigned(): number {
    return this.high * 0x1_0000_0000 + this.low;
  }

  /** The last 64-bit value as a double, signed; exact up to ±2⁵³. */
  signed(): number {
    return (this.high | 0) * 0x1_0000_0000 + this.low;
  }

  /** Steps over the value of an unknown field; groups are obsolete but legal. */
  skip(tag: number, end: number, depth = 0): void {
    switch (tag & 7) {
      case WIRE_VARINT:
        this.varint32(end);
        return;
      case WIRE_FIXED64:
        this.advance(8, end);
        return;
      case WIRE_LENGTH: {
        const length = this.length(end);
        this.pos += length;
        return;
      }
      case WIRE_GROUP:
        this.skipGroup(tag >>> 3, end, depth + 1);
        return;
      case WIRE_FIXED32:
        this.advance(4, end);
        return;
      default:
        throw new DecodeError(`wire type ${tag & 7} where a field should begin`, this.pos);
    }
  }

  private skipGroup(field: number, end: number, depth: number): void {
    if (depth > MAX_NESTING) throw new DecodeError(`nesting deeper than ${MAX_NESTING}`, this.pos);
    for (;;) {
      const tag = this.tag(end);
      if ((tag & 7) === WIRE_GROUP_END) {
        if (tag >>> 3 === field) return;
        throw new DecodeError('the end of another group', this.pos);
      }
      this.skip(tag, end, depth);
    }
  }

  private advance(count: number, end: number): number {
    const pos = this.pos;
    if (count > end - pos) throw new DecodeError(`the message ends inside a value of ${count} bytes`, pos);
    this.pos = pos + count;
    return pos;
  }
}
