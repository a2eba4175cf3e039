import type { Exemplar } from './exemplar.js';
import { ExponentialBuckets } from './exponential-buckets.js';
import type { InstrumentOptions } from './meter.js';
import type { Scope } from './scope.js';
import { SeriesIndex } from './series.js';

export type MetricKind = 'counter' | 'upDownCounter' | 'gauge' | 'histogram';

/** Boundaries that the semantic conventions advise for durations in seconds. */
export const DURATION_BOUNDARIES: readonly number[] = [
  0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
];

/**
 * One instrument: its series' numbers in arrays that grow by doubling. Counters and gauges use `values`; histograms add
 * minimum and maximum, and either `counts`, with `boundaries.length + 1` places a series, or, without boundaries,
 * `exponential`.
 */
export class MetricTable {
  readonly series: SeriesIndex;
  values = new Float64Array(8);
  /** 1 where a value was recorded: a gauge nobody set is not exported. */
  touched = new Uint8Array(8);
  counts = new Float64Array(0);
  minimum = new Float64Array(0);
  maximum = new Float64Array(0);
  readonly exponential: ExponentialBuckets[] = [];
  /** By row; absent where there are none. */
  readonly exemplars: (readonly Exemplar[] | undefined)[] = [];
  /** Its sums are read elsewhere and count from the start. */
  isAbsolute = false;

  constructor(
    readonly scope: Scope,
    readonly name: string,
    readonly kind: MetricKind,
    readonly options: InstrumentOptions,
    /** Absent: a histogram is exponential. */
    readonly boundaries: readonly number[] | undefined,
    limit: number,
    onFull?: () => void,
  ) {
    this.series = new SeriesIndex(limit, onFull);
    if (kind === 'histogram') this.growHistogram(8);
  }

  /** Makes room for row `index`. */
  reserve(index: number): void {
    if (index < this.values.length) return;
    const size = this.values.length * 2;
    this.values = grown(this.values, size);
    const touched = new Uint8Array(size);
    touched.set(this.touched);
    this.touched = touched;
    if (this.kind === 'histogram') this.growHistogram(size);
  }

  observe(index: number, value: number): void {
    if (!(value >= 0) || value === Infinity) return;
    const { boundaries } = this;
    if (boundaries === undefined) {
      const buckets = (this.exponential[index] ??= new ExponentialBuckets());
      buckets.record(value);
    } else {
      let bucket = 0;
      while (bucket < boundaries.length && value > (boundaries[bucket] as number)) bucket++;
      const at = index * (boundaries.length + 1) + bucket;
      this.counts[at] = (this.counts[at] as number) + 1;
    }
    this.values[index] = (this.values[index] as number) + value;
    if (this.touched[index] === 0 || value < (this.minimum[index] as number)) this.minimum[index] = value;
    if (this.touched[index] === 0 || value > (this.maximum[index] as number)) this.maximum[index] = value;
    this.touched[index] = 1;
  }

  /** Minimum and maximum are not known then: the edges of the buckets stand for them. */
  replace(index: number, counts: readonly number[], sum: number, exemplars?: readonly Exemplar[]): void {
    const { boundaries } = this;
    if (boundaries === undefined || counts.length !== boundaries.length + 1) return;
    this.counts.set(counts, index * counts.length);
    this.isAbsolute = true;
    this.exemplars[index] = exemplars;
    this.values[index] = sum;
    const first = counts.findIndex((count) => count > 0);
    const last = counts.findLastIndex((count) => count > 0);
    this.minimum[index] = first > 0 ? (boundaries[first - 1] as number) : 0;
    this.maximum[index] = boundaries[Math.min(last, boundaries.length - 1)] ?? 0;
    this.touched[index] = 1;
  }

  /** Forgets what was counted, keeps the series: after an export with delta temporality. */
  reset(): void {
    this.values.fill(0);
    this.touched.fill(0);
    this.counts.fill(0);
    this.exemplars.length = 0;
    for (const buckets of this.exponential) buckets?.clear();
  }

  clear(): void {
    this.series.clear();
    this.reset();
  }

  private growHistogram(size: number): void {
    this.counts = grown(this.counts, size * ((this.boundaries?.length ?? -1) + 1));
    this.minimum = grown(this.minimum, size);
    this.maximum = grown(this.maximum, size);
  }
}

function grown(from: Float64Array<ArrayBuffer>, size: number): Float64Array<ArrayBuffer> {
  const to = new Float64Array(size);
  to.set(from);
  return to;
}
