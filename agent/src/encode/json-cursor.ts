const BYTES = 16_384;
/** No character takes more than three bytes of UTF-8. */
const MAX_CHARS = Math.floor(BYTES / 3) - 1;
/** Powers of ten that are exact, by which whole numbers that are exact are divided with one rounding: the right one. */
const POWERS_OF_TEN = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

export const QUOTE = 34;
export const COMMA = 44;
export const MINUS = 45;
export const ZERO = 48;
export const NINE = 57;
export const OPEN_LIST = 91;
export const CLOSE_LIST = 93;
export const OPEN_MAP = 123;
export const CLOSE_MAP = 125;
const LINE_FEED = 10;
const DOT = 46;
const COLON = 58;
const BACKSLASH = 92;

/**
 * Reads JSON without white space, byte by byte. Functions that answer false (numbers: NaN) have met something else than
 * they are for; what follows is then no longer read.
 */
export class JsonCursor {
  readonly bytes = Buffer.allocUnsafeSlow(BYTES);
  /** Where the next byte is read. */
  at = 0;
  /** The name or text last passed, without its quotes. */
  from = 0;
  to = 0;
  /** Whether that text has escapes. */
  isEscaped = false;
  /** Of the name last passed. */
  hash = 0;
  private end = 0;

  /** False for a text that is too long. */
  load(text: string): boolean {
    if (text.length > MAX_CHARS) return false;
    this.end = this.bytes.write(text, 0, 'utf8');
    // No JSON has a byte like this one: nothing is read beyond it.
    this.bytes[this.end] = 0;
    this.at = 0;
    return true;
  }

  isAtEnd(): boolean {
    return this.at === this.end || (this.at === this.end - 1 && this.bytes[this.at] === LINE_FEED);
  }

  /** A name and its colon. */
  key(): boolean {
    const { bytes } = this;
    if (bytes[this.at++] !== QUOTE) return false;
    let at = this.at;
    let hash = 0;
    let byte = bytes[at] as number;
    while (byte !== QUOTE) {
      if (byte < 32 || byte === BACKSLASH) return false;
      hash = (Math.imul(hash, 31) + byte) | 0;
      byte = bytes[++at] as number;
    }
    this.from = this.at;
    this.to = at;
    this.hash = hash;
    this.at = at + 2;
    return bytes[at + 1] === COLON;
  }

  /** From quote to quote. */
  text(): boolean {
    const { bytes } = this;
    let at = this.at + 1;
    this.from = at;
    this.isEscaped = false;
    let byte = bytes[at] as number;
    while (byte !== QUOTE) {
      if (byte < 32) return false;
      if (byte === BACKSLASH) {
        this.isEscaped = true;
        at++;
        if ((bytes[at] as number) < 32) return false;
      }
      byte = bytes[++at] as number;
    }
    this.to = at;
    this.at = at + 1;
    return true;
  }

  word(word: string): boolean {
    for (let index = 0; index < word.length; index++) {
      if (this.bytes[this.at + index] !== word.charCodeAt(index)) return false;
    }
    this.at += word.length;
    return true;
  }

  /** NaN when it is none. */
  number(): number {
    const { bytes } = this;
    const start = this.at;
    const isNegative = bytes[start] === MINUS;
    let at = isNegative ? start + 1 : start;
    const firstDigit = at;
    let digits = 0;
    let point = -1;
    let byte = bytes[at] as number;
    while ((byte >= ZERO && byte <= NINE) || (byte === DOT && point === -1)) {
      if (byte === DOT) point = at;
      else digits = digits * 10 + byte - ZERO;
      byte = bytes[++at] as number;
    }
    const count = at - firstDigit - (point === -1 ? 0 : 1);
    const isOrdinary =
      (byte === COMMA || byte === CLOSE_MAP || byte === CLOSE_LIST) &&
      count > 0 &&
      (bytes[firstDigit] !== ZERO || count === 1 || point === firstDigit + 1) &&
      point !== firstDigit &&
      point !== at - 1;
    if (!isOrdinary) return this.anyNumber(at);
    this.at = at;
    const power = POWERS_OF_TEN[point === -1 ? 0 : at - point - 1];
    // A whole number that was rounded on the way is none of the safe ones.
    if (power === undefined || digits > Number.MAX_SAFE_INTEGER) return Number(bytes.toString('latin1', start, at));
    return isNegative ? -digits / power : digits / power;
  }

  private anyNumber(from: number): number {
    const start = this.at;
    let at = from;
    while (isOfNumber(this.bytes[at] as number)) at++;
    const text = this.bytes.toString('latin1', start, at);
    this.at = at;
    return NUMBER.test(text) ? Number(text) : NaN;
  }
}

/** As the cursor hashes names. */
export function hashOf(name: string): number {
  let hash = 0;
  for (const byte of Buffer.from(name)) hash = (Math.imul(hash, 31) + byte) | 0;
  return hash;
}

/** Digits, signs, a point, an exponent. */
function isOfNumber(byte: number): boolean {
  return (byte >= ZERO && byte <= NINE) || byte === 43 || byte === MINUS || byte === DOT || (byte | 32) === 101;
}
