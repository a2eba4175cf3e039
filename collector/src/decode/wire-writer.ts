/** Writes protobuf's wire format into one growing buffer. */
export class WireWriter {
  private bytes: Buffer;
  private pos = 0;

  constructor(capacity = 1024) {
    this.bytes = Buffer.allocUnsafe(capacity);
  }

  /** What was written. The memory is the writer's own: finish with one before the writer is used again. */
  finish(): Uint8Array {
    return this.bytes.subarray(0, this.pos);
  }

  varint(value: number): void {
    this.reserve(10);
    let rest = value;
    while (rest > 0x7f) {
      this.bytes[this.pos++] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
    }
    this.bytes[this.pos++] = rest;
  }

  /** Two's complement, as protobuf wants negative int32 and int64. */
  varint64(value: bigint): void {
    this.reserve(10);
    let rest = BigInt.asUintN(64, value);
    while (rest > 0x7fn) {
      this.bytes[this.pos++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.bytes[this.pos++] = Number(rest);
  }

  fixed32(value: number): void {
    this.reserve(4);
    this.pos = this.bytes.writeUInt32LE(value >>> 0, this.pos);
  }

  fixed64(value: bigint): void {
    this.reserve(8);
    this.pos = this.bytes.writeBigUInt64LE(BigInt.asUintN(64, value), this.pos);
  }

  double(value: number): void {
    this.reserve(8);
    this.pos = this.bytes.writeDoubleLE(value, this.pos);
  }

  raw(bytes: Uint8Array, from = 0, to = bytes.length): void {
    this.reserve(to - from);
    this.bytes.set(from === 0 && to === bytes.length ? bytes : bytes.subarray(from, to), this.pos);
    this.pos += to - from;
  }

  lengthDelimited(bytes: Uint8Array): void {
    this.varint(bytes.length);
    this.raw(bytes);
  }

  text(value: string): void {
    // Three bytes are the most a UTF-16 unit can need.
    this.reserve(10 + value.length * 3);
    if (value.length * 3 < 0x80) {
      const length = this.bytes.write(value, this.pos + 1, 'utf8');
      this.bytes[this.pos] = length;
      this.pos += length + 1;
      return;
    }
    this.varint(Buffer.byteLength(value, 'utf8'));
    this.pos += this.bytes.write(value, this.pos, 'utf8');
  }

  /** Begins something whose length is written before it; hand the result to {@link close}. */
  open(): number {
    this.reserve(1);
    return this.pos++;
  }

  close(mark: number): void {
    const from = mark + 1;
    const length = this.pos - from;
    const extra = length < 0x80 ? 0 : length < 0x4000 ? 1 : length < 0x20_0000 ? 2 : length < 0x1000_0000 ? 3 : 4;
    if (extra > 0) {
      this.reserve(extra);
      this.bytes.copyWithin(from + extra, from, this.pos);
    }
    const end = this.pos + extra;
    this.pos = mark;
    this.varint(length);
    this.pos = end;
  }

  private reserve(count: number): void {
    if (this.pos + count <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.pos + count));
    this.bytes.copy(larger, 0, 0, this.pos);
    this.bytes = larger;
  }
}
