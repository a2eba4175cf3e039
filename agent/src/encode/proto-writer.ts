const INITIAL_BYTES = 16_384;
/** Up to here a loop over char codes is faster than the call into the native encoder. */
const LOOP_CHARS = 48;

/**
 * Protobuf wire format into one growing buffer. Messages are opened with a guess of their length's size and closed by
 * patching the length in, moving the content only when the guess was wrong, so lengths are always minimal varints.
 * Field functions take the tag (`field << 3 | wire type`), below 16,384.
 */
export class ProtoWriter {
  buffer: Buffer;
  position = 0;

  /** @param initial how many bytes at first, or what to write into until it is too small */
  constructor(initial: number | Buffer = INITIAL_BYTES) {
    this.buffer = typeof initial === 'number' ? Buffer.allocUnsafeSlow(initial) : initial;
  }

  /** Makes room for `bytes` more. */
  reserve(bytes: number): void {
    if (this.position + bytes <= this.buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.buffer.length * 2, this.position + bytes));
    this.buffer.copy(larger, 0, 0, this.position);
    this.buffer = larger;
  }

  /** Varint of an unsigned integer below 2⁵³. */
  varint(value: number): void {
    this.reserve(10);
    if (value < 0x80) {
      this.buffer[this.position++] = value;
      return;
    }
    const buffer = this.buffer;
    let rest = value;
    let at = this.position;
    while (rest > 0x7f) {
      buffer[at++] = rest > 0x7fffffff ? (rest % 128) | 0x80 : (rest & 0x7f) | 0x80;
      rest = rest > 0x7fffffff ? Math.floor(rest / 128) : rest >>> 7;
    }
    buffer[at++] = rest;
    this.position = at;
  }

  /** `int64`/`int32` of a safe integer: negative numbers take ten bytes, as the format demands. */
  int64(value: number): void {
    if (value >= 0) this.varint(value);
    else this.bigVarint(BigInt.asUintN(64, BigInt(value)));
  }

  bigVarint(value: bigint): void {
    this.reserve(10);
    let rest = BigInt.asUintN(64, value);
    while (rest > 0x7fn) {
      this.buffer[this.position++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.buffer[this.position++] = Number(rest);
  }

  varintField(tag: number, value: number): void {
    this.varint(tag);
    this.varint(value);
  }

  /** `fixed64` from two unsigned 32-bit halves. */
  fixed64Field(tag: number, low: number, high: number): void {
    this.varint(tag);
    this.word(low);
    this.word(high);
  }

  fixed32Field(tag: number, value: number): void {
    this.varint(tag);
    this.word(value);
  }

  /** Four bytes, the lowest first; byte by byte, because Node's own functions check what cannot be wrong here. */
  private word(value: number): void {
    this.reserve(4);
    const buffer = this.buffer;
    const at = this.position;
    const bits = value | 0;
    buffer[at] = bits & 0xff;
    buffer[at + 1] = (bits >>> 8) & 0xff;
    buffer[at + 2] = (bits >>> 16) & 0xff;
    buffer[at + 3] = bits >>> 24;
    this.position = at + 4;
  }

  doubleField(tag: number, value: number): void {
    this.varint(tag);
    this.reserve(8);
    this.position = this.buffer.writeDoubleLE(value, this.position);
  }

  bytesField(tag: number, bytes: Uint8Array): void {
    this.varint(tag);
    this.varint(bytes.length);
    this.raw(bytes);
  }

  /** Bytes as they are: already encoded fields. */
  raw(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.buffer.set(bytes, this.position);
    this.position += bytes.length;
  }

  /** Hex digits as `bytes`; the caller vouches for an even number of lower- or upper-case digits. */
  hexField(tag: number, hex: string): void {
    const digits = hex.length;
    this.varint(tag);
    this.varint(digits >>> 1);
    this.reserve(digits >>> 1);
    const buffer = this.buffer;
    let at = this.position;
    for (let digit = 0; digit < digits; digit += 2) {
      buffer[at++] = (nibble(hex.charCodeAt(digit)) << 4) | nibble(hex.charCodeAt(digit + 1));
    }
    this.position = at;
  }

  stringField(tag: number, text: string): void {
    this.varint(tag);
    this.string(text);
  }

  /** Length and UTF-8 of `text`. */
  string(text: string): void {
    const chars = text.length;
    if (chars > LOOP_CHARS) {
      this.longString(text);
      return;
    }
    this.reserve(chars + 1);
    const buffer = this.buffer;
    const start = this.position;
    let at = start + 1;
    for (let index = 0; index < chars; index++) {
      const code = text.charCodeAt(index);
      if (code > 0x7f) {
        this.longString(text);
        return;
      }
      buffer[at++] = code;
    }
    buffer[start] = chars;
    this.position = at;
  }

  /**
   * `KeyValue` of two short ASCII texts, all lengths below 128, in one go: the commonest thing an agent writes.
   * Answers false, with nothing written, when a character is not ASCII.
   */
  shortPair(tag: number, key: string, value: string): boolean {
    const keyChars = key.length;
    const valueChars = value.length;
    this.reserve(keyChars + valueChars + 8);
    const buffer = this.buffer;
    let at = this.position;
    buffer[at++] = tag;
    buffer[at++] = keyChars + valueChars + 6;
    buffer[at++] = 10;
    buffer[at++] = keyChars;
    let all = 0;
    for (let index = 0; index < keyChars; index++) {
      const code = key.charCodeAt(index);
      all |= code;
      buffer[at++] = code;
    }
    buffer[at++] = 18;
    buffer[at++] = valueChars + 2;
    buffer[at++] = 10;
    buffer[at++] = valueChars;
    for (let index = 0; index < valueChars; index++) {
      const code = value.charCodeAt(index);
      all |= code;
      buffer[at++] = code;
    }
    if (all > 0x7f) return false;
    this.position = at;
    return true;
  }

  /** As `shortPair`, of UTF-8 that is there already: key and value with less than 110 bytes in all. */
  shortPairOf(tag: number, bytes: Uint8Array, keyFrom: number, keyTo: number, from: number, to: number): void {
    const keyBytes = keyTo - keyFrom;
    const valueBytes = to - from;
    this.reserve(keyBytes + valueBytes + 8);
    const buffer = this.buffer;
    let at = this.position;
    buffer[at++] = tag;
    buffer[at++] = keyBytes + valueBytes + 6;
    buffer[at++] = 10;
    buffer[at++] = keyBytes;
    for (let index = keyFrom; index < keyTo; index++) buffer[at++] = bytes[index] as number;
    buffer[at++] = 18;
    buffer[at++] = valueBytes + 2;
    buffer[at++] = 10;
    buffer[at++] = valueBytes;
    for (let index = from; index < to; index++) buffer[at++] = bytes[index] as number;
    this.position = at;
  }

  /** `KeyValue` of a short ASCII key and a small number (below 2¹⁴, not negative), in one go. Answers as `shortPair`. */
  shortNumber(tag: number, key: string, value: number): boolean {
    const keyChars = key.length;
    this.reserve(keyChars + 10);
    const buffer = this.buffer;
    const valueBytes = value < 0x80 ? 1 : 2;
    let at = this.position;
    buffer[at++] = tag;
    buffer[at++] = keyChars + valueBytes + 5;
    buffer[at++] = 10;
    buffer[at++] = keyChars;
    let all = 0;
    for (let index = 0; index < keyChars; index++) {
      const code = key.charCodeAt(index);
      all |= code;
      buffer[at++] = code;
    }
    if (all > 0x7f) return false;
    buffer[at++] = 18;
    buffer[at++] = valueBytes + 1;
    buffer[at++] = 24;
    if (valueBytes === 2) buffer[at++] = (value & 0x7f) | 0x80;
    buffer[at++] = valueBytes === 2 ? value >>> 7 : value;
    this.position = at;
    return true;
  }

  private longString(text: string): void {
    const bytes = Buffer.byteLength(text, 'utf8');
    this.varint(bytes);
    this.reserve(bytes);
    this.position += this.buffer.write(text, this.position, bytes, 'utf8');
  }

  /**
   * Starts a length-delimited field. `lengthBytes` is the guess of the length's size: 1 below 128 bytes, 2 below 16 KiB.
   * Returns the mark for `close`.
   */
  open(tag: number, lengthBytes: 1 | 2 | 3 = 1): number {
    this.varint(tag);
    this.reserve(lengthBytes);
    this.position += lengthBytes;
    return this.position;
  }

  close(mark: number, lengthBytes: 1 | 2 | 3 = 1): void {
    const length = this.position - mark;
    const needed = length < 0x80 ? 1 : length < 0x4000 ? 2 : length < 0x200000 ? 3 : length < 0x10000000 ? 4 : 5;
    if (needed !== lengthBytes) {
      this.reserve(5);
      this.buffer.copyWithin(mark - lengthBytes + needed, mark, this.position);
    }
    this.position = mark - lengthBytes;
    this.varint(length);
    this.position += length;
  }
}

/** Letters have bit 6 and their value in the lower ones. Without a branch: digits and letters come in no order to be guessed. */
function nibble(code: number): number {
  return (code & 15) + (code >> 6) * 9;
}
