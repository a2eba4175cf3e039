/** Places of a histogram; the OTel SDK's default. */
const MAX_PLACES = 160;
const FINEST_SCALE = 20;
const COARSEST_SCALE = -10;

/**
 * Counts of a base-2 exponential histogram (OTel metrics data model, "ExponentialHistogram"): bucket `i` holds values in
 * `(base^i, base^(i+1)]` with `base = 2^(2^-scale)`. It begins as fine as can be; when a value falls outside of what the
 * places can span, neighbours are merged and the scale halves. The error of a quantile stays below a few per cent.
 */
export class ExponentialBuckets {
  scale = FINEST_SCALE;
  zeroCount = 0;
  /** Index of the first place in use; meaningless while nothing was counted. */
  offset = 0;
  /** Places in use. */
  size = 0;
  private counts = new Float64Array(16);
  /** `2^scale` */
  private factor = 2 ** FINEST_SCALE;

  /** @param value finite, not negative */
  record(value: number): void {
    if (value === 0) {
      this.zeroCount++;
      return;
    }
    let place = indexOf(value, this.factor) - this.offset;
    if (place < 0 || place >= this.size) place = this.placeFor(value);
    this.counts[place] = (this.counts[place] as number) + 1;
  }

  /** Count in the place `offset + at`. */
  countAt(at: number): number {
    return this.counts[at] ?? 0;
  }

  clear(): void {
    this.scale = FINEST_SCALE;
    this.factor = 2 ** FINEST_SCALE;
    this.zeroCount = 0;
    this.size = 0;
    this.counts.fill(0);
  }

  /** Makes room for a value outside of the places in use. */
  private placeFor(value: number): number {
    let index = indexOf(value, this.factor);
    if (this.size === 0) {
      this.offset = index;
      this.size = 1;
    } else {
      const excess = stepsToFit(Math.min(this.offset, index), Math.max(this.offset + this.size - 1, index));
      if (excess > 0) this.coarsen(excess);
      index = indexOf(value, this.factor);
      this.reach(index);
    }
    return index - this.offset;
  }

  /** Makes `index` one of the places in use. */
  private reach(index: number): void {
    const first = Math.min(this.offset, index);
    const size = Math.max(this.offset + this.size, index + 1) - first;
    const shift = this.offset - first;
    if (size > this.counts.length || shift > 0) {
      const grown = size > this.counts.length ? new Float64Array(Math.min(MAX_PLACES, size * 2)) : this.counts;
      const used = this.counts.slice(0, this.size);
      grown.fill(0);
      grown.set(used, shift);
      this.counts = grown;
    }
    this.offset = first;
    this.size = size;
  }

  /** Merges `2^steps` neighbours into one. */
  private coarsen(steps: number): void {
    const by = Math.min(steps, this.scale - COARSEST_SCALE);
    const first = shifted(this.offset, by);
    const merged = new Float64Array(this.counts.length);
    for (let at = 0; at < this.size; at++) {
      const place = shifted(this.offset + at, by) - first;
      merged[place] = (merged[place] as number) + (this.counts[at] as number);
    }
    this.size = shifted(this.offset + this.size - 1, by) - first + 1;
    this.offset = first;
    this.counts = merged;
    this.scale -= by;
    this.factor = 2 ** this.scale;
  }
}

/** How often the scale must halve for both indices to fit. */
function stepsToFit(low: number, high: number): number {
  let steps = 0;
  while (shifted(high, steps) - shifted(low, steps) >= MAX_PLACES) steps++;
  return steps;
}

/** Indices of the finest scale do not fit into the 32 bits of `>>`. */
function shifted(index: number, by: number): number {
  return Math.floor(index / 2 ** by);
}

/** The bucket of a value: `ceil(log_base(value)) - 1`, exact at powers of two. */
function indexOf(value: number, factor: number): number {
  return Math.ceil(Math.log2(value) * factor) - 1;
}
