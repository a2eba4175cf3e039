/**
 * Quantile of merged histograms, linear within the bucket; null when nothing was measured. Histograms with other
 * bounds add to the bucket their own bound falls into, so the widest bounds decide the error.
 * @param q 0–1
 */
export function quantileOfHistogram(
  histograms: readonly { counts: readonly number[]; bounds: readonly number[] }[],
  q: number,
): number | null {
  const totals = new Map<number, number>();
  for (const { counts, bounds } of histograms) {
    counts.forEach((count, index) => {
      const bound = bounds[index] ?? Number.POSITIVE_INFINITY;
      totals.set(bound, (totals.get(bound) ?? 0) + count);
    });
  }
  const buckets = [...totals].sort(([a], [b]) => a - b);
  const total = buckets.reduce((sum, [, count]) => sum + count, 0);
  if (total === 0) return null;
  const rank = q * total;
  let seen = 0;
  let low = 0;
  for (const [bound, count] of buckets) {
    if (seen + count >= rank && count > 0) {
      // Beyond the last bound nothing is known but that it is beyond.
      if (bound === Number.POSITIVE_INFINITY) return low;
      const from = low === 0 && bound < 0 ? bound : low;
      return from + ((bound - from) * Math.max(0, rank - seen)) / count;
    }
    seen += count;
    if (bound !== Number.POSITIVE_INFINITY) low = bound;
  }
  return low;
}
