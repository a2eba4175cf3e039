import { isUtf8 } from 'node:buffer';
import { type JsonPiece, jsonPiece, PIECE_WORD } from './json-piece.js';

/** Bytes of a text that are looked at together. */
const WORD = Int32Array.BYTES_PER_ELEMENT;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const HEX = Buffer.from('0123456789abcdef');
const QUOTED = jsonPiece('"');
/** Both hex digits of every byte, the first in the lower half: written little-endian. */
const HEX_PAIRS = Uint16Array.from({ length: 256 }, (_, value) => HEX[value >> 4]! | (HEX[value & 15]! << 8));

/** What a byte of a text asks for: nothing, an escape, or a look at the whole text (it is not ASCII). */
const ESCAPED = 1;
const FOREIGN = 2;
const UNUSUAL = Uint8Array.from({ length: 256 }, (_, value) =>
  value < 0x20 || value === QUOTE || value === BACKSLASH ? ESCAPED : value >= 0x80 ? FOREIGN : 0,
);

/** The same of four bytes at once: the highest bit of each. */
const HIGHEST = 0x80808080;
const EVERY_QUOTE = 0x22222222;
const EVERY_BACKSLASH = 0x5c5c5c5c;
const EVERY_ONE = 0x01010101;
const EVERY_BLANK = 0x20202020;

/** Longest text, in UTF-16 units, that is looked at unit by unit. */
const SHORT = 256;

/** Two digits of every number below a hundred, the first in the lower half. */
const TWO_DIGITS = Uint16Array.from(
  { length: 100 },
  (_, value) => 0x3030 + Math.floor(value / 10) + ((value % 10) << 8),
);

const LITTLE_ENDIAN = true;

/** A growing buffer that JSON is written into as bytes: texts are copied from the request without becoming strings. */
export class JsonBytes {
  bytes: Buffer;
  length = 0;
  #view: DataView;
  /** What texts were copied from last: all of one request come from the same bytes. */
  #source: Uint8Array;
  #sourceView: DataView;

  constructor(capacity = 64 * 1024) {
    this.bytes = Buffer.allocUnsafeSlow(capacity);
    this.#view = viewOf(this.bytes);
    this.#source = this.bytes;
    this.#sourceView = this.#view;
  }

  /** Makes room for `count` more bytes. */
  reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, this.length + count));
    this.bytes.copy(grown, 0, 0, this.length);
    this.bytes = grown;
    this.#view = viewOf(grown);
  }

  byte(value: number): void {
    this.reserve(1);
    this.bytes[this.length++] = value;
  }

  put({ words, length }: JsonPiece): void {
    this.reserve(length + PIECE_WORD);
    const view = this.#view;
    let at = this.length;
    for (let i = 0; i < words.length; i++, at += PIECE_WORD) view.setFloat64(at, words[i]!, LITTLE_ENDIAN);
    this.length += length;
  }

  /** Text that is JSON already and ASCII: the part `[from, to)` of it. */
  ascii(text: string, from = 0, to = text.length): void {
    this.reserve(to - from);
    const target = this.bytes;
    let at = this.length;
    for (let i = from; i < to; i++) target[at++] = text.charCodeAt(i);
    this.length = at;
  }

  /** A string as a JSON string. */
  string(text: string): void {
    if (text.length > SHORT || !this.#plainString(text)) this.utf8(JSON.stringify(wellFormed(text)));
  }

  /** Most texts are short, and ASCII without anything to escape. Of others nothing is written. */
  #plainString(text: string): boolean {
    const count = text.length;
    this.reserve(count + 2);
    const target = this.bytes;
    let at = this.length;
    target[at++] = QUOTE;
    for (let i = 0; i < count; i++) {
      const code = text.charCodeAt(i);
      if (code >= 0x80 || UNUSUAL[code] !== 0) return false;
      target[at++] = code;
    }
    target[at++] = QUOTE;
    this.length = at;
    return true;
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
  member(prefix: JsonPiece, source: Uint8Array, offset: number, count: number): void {
    this.reserve(prefix.length + count + WORD);
    this.put(prefix);
    if (source !== this.#source) {
      this.#source = source;
      this.#sourceView = viewOf(source);
    }
    const from = this.#sourceView;
    const to = this.#view;
    const at = this.length;
    let unusual = 0;
    let i = 0;
    for (; i + WORD <= count; i += WORD) {
      const word = from.getInt32(offset + i, LITTLE_ENDIAN);
      to.setInt32(at + i, word, LITTLE_ENDIAN);
      // A byte below a blank borrows, and so does one that is nothing but a quote or a backslash.
      unusual |=
        word | (word - EVERY_BLANK) | ((word ^ EVERY_QUOTE) - EVERY_ONE) | ((word ^ EVERY_BACKSLASH) - EVERY_ONE);
    }
    unusual &= HIGHEST;
    for (; i < count; i++) {
      const value = from.getUint8(offset + i);
      to.setUint8(at + i, value);
      unusual |= UNUSUAL[value]!;
    }
    if (unusual !== 0) {
      this.#unusualText(source, offset, count);
      return;
    }
    to.setUint8(at + count, QUOTE);
    this.length = at + count + 1;
  }

  /** A text, whose opening quote is written, in which something has to be escaped or to be looked at. */
  #unusualText(source: Uint8Array, offset: number, count: number): void {
    const end = offset + count;
    if (!isUtf8(source.subarray(offset, end))) {
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
  hex(prefix: JsonPiece, source: Uint8Array, offset: number, count: number): void {
    this.reserve(prefix.length + count * 2 + WORD);
    this.put(prefix);
    const view = this.#view;
    let at = this.length;
    for (let i = offset; i < offset + count; i++, at += 2) view.setUint16(at, HEX_PAIRS[source[i]!]!, LITTLE_ENDIAN);
    view.setUint8(at, QUOTE);
    this.length = at + 1;
  }

  /** A finite number. */
  number(value: number): void {
    if (Number.isSafeInteger(value) && value >= 0) this.digits(value, 0);
    else this.ascii(String(value));
  }

  /** A whole number below 2⁵³, with leading zeros up to `width`. */
  digits(value: number, width: number): void {
    this.reserve(20);
    const view = this.#view;
    const count = Math.max(digitsOf(value), width);
    let at = this.length + count;
    this.length = at;
    let rest = value;
    for (; rest > 0x7fff_ffff; rest = Math.floor(rest / 100)) {
      at -= 2;
      view.setUint16(at, TWO_DIGITS[rest % 100]!, LITTLE_ENDIAN);
    }
    const start = this.length - count;
    let small = rest | 0;
    while (at - start >= 2) {
      const quotient = (small / 100) | 0;
      at -= 2;
      view.setUint16(at, TWO_DIGITS[small - quotient * 100]!, LITTLE_ENDIAN);
      small = quotient;
    }
    if (at > start) view.setUint8(start, 0x30 + small);
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function digitsOf(value: number): number {
  if (value < 10) return 1;
  if (value < 100) return 2;
  if (value < 1000) return 3;
  let count = 4;
  for (let power = 10_000; power <= value && count < 16; power *= 10) count++;
  return count;
}

/** A text cut in the middle of a pair of surrogates is no Unicode: its broken half becomes U+FFFD. */
export function wellFormed(text: string): string {
  return /\p{Surrogate}/u.test(text) ? Buffer.from(text, 'utf8').toString('utf8') : text;
}
