/** How many items a batch holds of a signal and over which event times, widened so that doubles are exact enough. */
export class Extent {
  items = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = 0;

  add(low: number, high: number): void {
    const nanos = high * 4294967296 + low;
    this.items += 1;
    if (nanos < this.#min) this.#min = nanos;
    if (nanos > this.#max) this.#max = nanos;
  }

  get minNano(): bigint {
    return BigInt(Math.max(0, Math.min(this.#min, LAST) - MARGIN));
  }

  get maxNano(): bigint {
    return BigInt(Math.min(this.#max, LAST) + MARGIN);
  }
}

const MARGIN = 4096;
/** Some microseconds before 2⁶³ ns, so that the margin stays below it. */
const LAST = 2 ** 63 - 65536;
