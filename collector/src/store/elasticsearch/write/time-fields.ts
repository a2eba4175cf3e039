import type { JsonBytes } from './json-bytes.js';
import { type JsonPiece, jsonPiece, PIECE_WORD } from './json-piece.js';
import { NanoWords } from './nano-words.js';

const TIMESTAMP = jsonPiece(',"@timestamp":"');
const TIME = jsonPiece('","time":"');
const END = jsonPiece('","end":"');
const QUOTE = 0x22;
const DOT = 0x2e;

/** Digits of milliseconds between September 2001 and November 2286. */
const MS_DIGITS = 13;
const NANO_DIGITS = 6;
const LEAST_MS = 1e12;
const MOST_MS = 9_223_372_036_854;

/** Two digits of every number below a hundred. */
const TENS = Uint8Array.from({ length: 100 }, (_, value) => 0x30 + Math.floor(value / 10));
const ONES = Uint8Array.from({ length: 100 }, (_, value) => 0x30 + (value % 10));

/**
 * Writes times of items as documents have them: `@timestamp` as `<ms>.<six digits>`, which `date_nanos` reads exactly,
 * and `time` (and `end`) as decimal nanoseconds, exactly as they came. Times of one request differ in few digits: the
 * first ones are made once for as long as they stay.
 */
export class TimeFields {
  readonly start = new NanoWords();
  readonly end = new NanoWords();
  readonly #ms = new Digits(MS_DIGITS);
  readonly #rest = new Digits(NANO_DIGITS);
  #begin = -1;

  /** `,"@timestamp":"…","time":"…"` of {@link start}, and `,"end":"…"` of {@link end} where that is asked for. */
  write(out: JsonBytes, withEnd: boolean): void {
    const { start } = this;
    out.put(TIMESTAMP);
    if (usual(start)) {
      this.#read(start);
      out.put(this.#ms);
      out.byte(DOT);
      out.put(this.#rest);
      out.put(TIME);
      out.put(this.#ms);
      out.put(this.#rest);
    } else {
      out.digits(start.indexedMs, 0);
      out.byte(DOT);
      out.digits(start.rest, NANO_DIGITS);
      out.put(TIME);
      writeNanos(out, start);
    }
    if (withEnd) {
      out.put(END);
      this.writeEndNanos(out);
    }
    out.byte(QUOTE);
  }

  /** The nanoseconds of {@link end}, digits only. */
  writeEndNanos(out: JsonBytes): void {
    const { end } = this;
    if (usual(end)) {
      this.#read(end);
      out.put(this.#ms);
      out.put(this.#rest);
    } else writeNanos(out, end);
  }

  #read({ ms, rest }: NanoWords): void {
    const digits = this.#ms.bytes;
    const begin = Math.floor(ms / 1e6);
    if (begin !== this.#begin) {
      this.#begin = begin;
      let left = begin;
      for (let at = MS_DIGITS - 7; at >= 0; at--) {
        digits[at] = 0x30 + (left % 10);
        left = Math.floor(left / 10);
      }
    }
    sixDigits(digits, MS_DIGITS - 6, (ms - begin * 1e6) | 0);
    sixDigits(this.#rest.bytes, 0, rest | 0);
  }
}

/** Digits that change, as a piece of JSON. */
class Digits implements JsonPiece {
  readonly words: Float64Array;
  readonly bytes: Uint8Array;
  readonly length: number;

  constructor(length: number) {
    this.words = new Float64Array(Math.ceil(length / PIECE_WORD));
    this.bytes = new Uint8Array(this.words.buffer);
    this.length = length;
  }
}

function usual({ ms }: NanoWords): boolean {
  return ms >= LEAST_MS && ms < MOST_MS;
}

function sixDigits(target: Uint8Array, at: number, value: number): void {
  const first = (value / 10_000) | 0;
  const rest = value - first * 10_000;
  const second = (rest / 100) | 0;
  const third = rest - second * 100;
  target[at] = TENS[first]!;
  target[at + 1] = ONES[first]!;
  target[at + 2] = TENS[second]!;
  target[at + 3] = ONES[second]!;
  target[at + 4] = TENS[third]!;
  target[at + 5] = ONES[third]!;
}

/** Decimal nanoseconds, digits only. */
export function writeNanos(out: JsonBytes, time: NanoWords): void {
  if (time.ms === 0) out.digits(time.rest, 0);
  else {
    out.digits(time.ms, 0);
    out.digits(time.rest, NANO_DIGITS);
  }
}
