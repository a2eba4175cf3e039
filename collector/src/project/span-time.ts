/** A time in Unix nanoseconds by halves of 32 bits: compared and kept without a bigint per span. */
export class Moment {
  #high = 0;
  #low = 0;

  set(high: number, low: number): void {
    this.#high = high;
    this.#low = low;
  }

  /** Becomes the earlier of the two. */
  lower(high: number, low: number): void {
    if (high < this.#high || (high === this.#high && low < this.#low)) this.set(high, low);
  }

  /** Becomes the later of the two. */
  raise(high: number, low: number): void {
    if (high > this.#high || (high === this.#high && low > this.#low)) this.set(high, low);
  }

  get nano(): bigint {
    HALVES[0] = this.#low;
    HALVES[1] = this.#high;
    return WHOLE[0]!;
  }
}

/** Halves are put together here, low first (little-endian): one bigint instead of four. */
const WHOLE = new BigUint64Array(1);
const HALVES = new Uint32Array(WHOLE.buffer);

/** Nanoseconds between two times by halves; 0 where the clock ran backwards. */
export function nanosBetween(startHigh: number, startLow: number, endHigh: number, endLow: number): number {
  return Math.max(0, (endHigh - startHigh) * 4_294_967_296 + (endLow - startLow));
}

/** The minute since the epoch that a time by halves lies in. Exact: 2³² is 4294 million and 967,296. */
export function minuteOf(high: number, low: number): number {
  const ms = high * 4294 + Math.floor((high * 967_296 + low) / 1_000_000);
  return Math.floor(ms / 60_000);
}
