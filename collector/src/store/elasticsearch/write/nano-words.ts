/** Last millisecond that `date_nanos` can hold (2262-04-11): later times are kept exactly and found there. */
const LAST_MS = 9_223_372_036_854;

/**
 * Nanoseconds since the epoch, read from the two halves of an unsigned 64-bit word without a BigInt: this runs several
 * times for every span. The object is used again and again by its owner.
 */
export class NanoWords {
  /** Whole milliseconds; exact, below 1.9 × 10¹³. */
  ms = 0;
  /** Nanoseconds within the millisecond. */
  rest = 0;

  /** @param nano below 2⁶⁴ */
  readBigint(nano: bigint): this {
    WHOLE[0] = nano;
    return this.read(HALVES, 0);
  }

  /** @param words view of 32-bit halves over a BigUint64Array, low half first (little-endian) */
  read(words: Uint32Array, row: number): this {
    const low = words[row * 2]!;
    const high = words[row * 2 + 1]!;
    const first = Math.floor(high / 1e6);
    const second = (high % 1e6) * 65_536 + (low >>> 16);
    const third = (second % 1e6) * 65_536 + (low & 0xffff);
    this.ms = first * 4_294_967_296 + Math.floor(second / 1e6) * 65_536 + Math.floor(third / 1e6);
    this.rest = third % 1e6;
    return this;
  }

  /** Milliseconds as `date_nanos` can hold them. */
  get indexedMs(): number {
    return this.ms < LAST_MS ? this.ms : LAST_MS - 1;
  }
}

/** The 32-bit halves of a column of nanoseconds. */
export function wordsOf(column: BigUint64Array): Uint32Array {
  return new Uint32Array(column.buffer, column.byteOffset, column.length * 2);
}

const WHOLE = new BigUint64Array(1);
const HALVES = wordsOf(WHOLE);
