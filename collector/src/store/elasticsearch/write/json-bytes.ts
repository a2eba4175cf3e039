import { isUtf8 } from 'node:buffer';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const HEX = Buffer.from('0123456789abcdef');
const QUOTED = Buffer.from('"');

/** What a byte of a text asks for: nothing, an escape, or a look at the whole text (it is not ASCII). */
const ESCAPED = 1;
const FOREIGN = 2;
const UNUSUAL = Uint8Array.from({ length: 256 }, (_, value) =>
  value < 0x20 || value === QUOTE || value === BACKSLASH ? ESCAPED : value >= 0x80 ? FOREIGN : 0,
);

/** A growing buffer that JSON is written into as bytes: texts are copied from the request without becoming strings. */
export class JsonBytes {
  bytes: Buffer;
  length = 0;

  constructor(capacity = 64 * 1024) {
    this.bytes = Buffer.allocUnsafeSlow(capacity);
  }

  /** Makes room for `count` more bytes. */
  reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, this.length + count));
    this.bytes.copy(grown, 0, 0, this.length);
    this.bytes = grown;
  }

  byte(value: number): void {
    this.reserve(1);
    this.bytes[this.length++] = value;
  }

  /** Bytes that are JSON already. */
  raw(source: Uint8Array): void {
    const count = source.length;
    this.reserve(count);
    const target = this.bytes;
    let at = this.length;
    // A call costs more than a short loop.
    if (count > 64) target.set(source, at);
    else for (let i = 0; i < count; i++) target[at + i] = source[i]!;
    at += count;
    this.length = at;
  }

  /** Text that is JSON already and ASCII. */
  ascii(text: string): void {
    const count = text.length;
    this.reserve(count);
    const target = this.bytes;
    const at = this.length;
    for (let i = 0; i < count; i++) target[at + i] = text.charCodeAt(i);
    this.length = at + count;
  }

  /** A string as a JSON string. */
  string(text: string): void {
    this.utf8(JSON.stringify(wellFormed(text)));
  }

  /** Text that is JSON already. */
  utf8(json: string): void {
    this.reserve(json.length * 3);
    this.length += this.bytes.write(json, this.length, 'utf8');
  }

  /** UTF-8 of `source` as a JSON string. What is not UTF-8 becomes U+FFFD, as everywhere else. */
  text(source: Uint8Array, offset: number, count: number): void {
    this.member(QUOTED, source, offset, count);
  }

  /** `prefix`, which ends with the opening quote, and the rest of the JSON string that {@link text} would write. */
  member(prefix: Uint8Array, source: Uint8Array, offset: number, count: number): void {
    const head = prefix.length;
    this.reserve(head + count + 1);
    const target = this.bytes;
    let at = this.length;
    for (let i = 0; i < head; i++) target[at++] = prefix[i]!;
    let unusual = 0;
    for (let i = 0; i < count; i++) {
      const value = source[offset + i]!;
      target[at + i] = value;
      unusual |= UNUSUAL[value]!;
    }
    if (unusual !== 0) {
      this.length = at;
      this.#unusualText(source, offset, count, unusual);
      return;
    }
    at += count;
    target[at] = QUOTE;
    this.length = at + 1;
  }

  /** A text, whose opening quote is written, in which something has to be escaped or to be looked at. */
  #unusualText(source: Uint8Array, offset: number, count: number, unusual: number): void {
    const end = offset + count;
    if ((unusual & FOREIGN) !== 0 && !isUtf8(source.subarray(offset, end))) {
      this.length--;
      this.string(Buffer.from(source.buffer, source.byteOffset + offset, count).toString('utf8'));
      return;
    }
    // Every byte may need `\u00XX`.
    this.reserve(count * 6 + 1);
    const target = this.bytes;
    let at = this.length;
    for (let i = offset; i < end; i++) {
      const value = source[i]!;
      if ((UNUSUAL[value]! & ESCAPED) === 0) {
        target[at++] = value;
      } else if (value === QUOTE || value === BACKSLASH) {
        target[at++] = BACKSLASH;
        target[at++] = value;
      } else {
        target[at++] = BACKSLASH;
        target[at++] = 0x75;
        target[at++] = 0x30;
        target[at++] = 0x30;
        target[at++] = HEX[value >> 4]!;
        target[at++] = HEX[value & 15]!;
      }
    }
    target[at++] = QUOTE;
    this.length = at;
  }

  /** `prefix`, which ends with the opening quote, then `count` bytes of `source` as hex digits and the closing quote. */
  hex(prefix: Uint8Array, source: Uint8Array, offset: number, count: number): void {
    const head = prefix.length;
    this.reserve(head + count * 2 + 1);
    const target = this.bytes;
    let at = this.length;
    for (let i = 0; i < head; i++) target[at++] = prefix[i]!;
    for (let i = offset; i < offset + count; i++) {
      const value = source[i]!;
      target[at++] = HEX[value >> 4]!;
      target[at++] = HEX[value & 15]!;
    }
    target[at++] = QUOTE;
    this.length = at;
  }

  /** A finite number. */
  number(value: number): void {
    if (Number.isSafeInteger(value) && value >= 0) this.digits(value, 0);
    else this.ascii(String(value));
  }

  /** A whole number below 2⁵³, with leading zeros up to `width`. */
  digits(value: number, width: number): void {
    this.reserve(20);
    const target = this.bytes;
    let count = 1;
    for (let power = 10; power <= value && count < 16; power *= 10) count++;
    count = Math.max(count, width);
    let rest = value;
    for (let at = this.length + count - 1; at >= this.length; at--) {
      if (rest <= 0x7fff_ffff) {
        const whole = (rest | 0) / 10;
        const quotient = whole | 0;
        target[at] = 0x30 + (rest - quotient * 10);
        rest = quotient;
      } else {
        const quotient = Math.floor(rest / 10);
        target[at] = 0x30 + (rest - quotient * 10);
        rest = quotient;
      }
    }
    this.length += count;
  }
}

/** A text cut in the middle of a pair of surrogates is no Unicode: its broken half becomes U+FFFD. */
export function wellFormed(text: string): string {
  return /\p{Surrogate}/u.test(text) ? Buffer.from(text, 'utf8').toString('utf8') : text;
}
