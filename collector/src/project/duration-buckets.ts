import type { DurationBuckets } from './projection.js';

/** Buckets per doubling: base 2^(1/8), so a bucket's geometric middle is at most 4.5 % from any of its values. */
export const BUCKETS_PER_DOUBLING = 8;

/** Everything up to one nanosecond, zero and negative durations (clocks that ran backwards) included. */
const LOWEST = -1;

/** The bucket of a duration: index `i` covers (2^(i/8), 2^((i+1)/8)] nanoseconds. */
export function bucketOf(nanos: number): number {
  if (!(nanos > 1)) return LOWEST;
  return Math.ceil(Math.log2(nanos) * BUCKETS_PER_DOUBLING) - 1;
}

/** The value a bucket stands for, in nanoseconds. */
export function middleOf(bucket: number): number {
  return 2 ** ((bucket + 0.5) / BUCKETS_PER_DOUBLING);
}

export function addDuration(buckets: DurationBuckets, nanos: number): void {
  const bucket = bucketOf(nanos);
  buckets.set(bucket, (buckets.get(bucket) ?? 0) + 1);
}

export function mergeBuckets(into: DurationBuckets, from: Iterable<readonly [number, number]>): DurationBuckets {
  for (const [bucket, count] of from) into.set(bucket, (into.get(bucket) ?? 0) + count);
  return into;
}

/**
 * Quantile in milliseconds by the nearest-rank rule, null when nothing was counted.
 * @param q 0–1
 */
export function quantileMs(buckets: DurationBuckets, q: number): number | null {
  return quantilesMs(buckets, [q])[0] ?? null;
}

/**
 * The same of some quantiles, rising. A map asks for thousands: buckets are put in order once for all of one histogram,
 * as plain numbers.
 */
export function quantilesMs<const Qs extends readonly number[]>(
  buckets: DurationBuckets,
  quantiles: Qs,
): { -readonly [At in keyof Qs]: number | null } {
  const sorted = Int32Array.from(buckets.keys()).sort();
  let total = 0;
  for (const count of buckets.values()) if (count > 0) total += count;
  let [at, seen] = [-1, 0];
  const values = quantiles.map((q) => {
    if (total === 0) return null;
    const rank = Math.max(1, Math.ceil(q * total));
    while (seen < rank && at + 1 < sorted.length) seen += Math.max(0, buckets.get(sorted[++at] as number) as number);
    return seen < rank ? null : middleOf(sorted[at] as number) / 1e6;
  });
  return values as { -readonly [At in keyof Qs]: number | null };
}
