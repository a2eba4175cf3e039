import type { estypes } from '@elastic/elasticsearch';
import type { Measure } from '../../../api/contract/index.js';
import { quantileMs } from '../../../project/duration-buckets.js';
import type { DurationBuckets } from '../../../project/projection.js';
import type { Variant } from './field-variants.js';
import type { Aggregation, Bucket } from './search.js';

/** A measure with the places its field's values stand in. */
export interface MeasurePlan {
  measure: Measure;
  variants: Variant[];
  /** Durations are kept in nanoseconds, and said in milliseconds. */
  duration: boolean;
}

/** Buckets of base 2^(1/8) that durations of up to a century fall into. */
const MOST_BUCKETS = 600;
const DISTINCT_PRECISION = 10_000;

/** Aggregations for the measures; `m.v` is measure m at place v. */
export function measureAggregations(plans: MeasurePlan[]): Record<string, estypes.AggregationsAggregationContainer> {
  const aggregations: Record<string, estypes.AggregationsAggregationContainer> = {};
  plans.forEach(({ measure, variants, duration }, m) => {
    variants.forEach(({ field }, v) => {
      const one = aggregationOf(measure, field, duration);
      if (one) aggregations[`${m}.${v}`] = one;
    });
  });
  return aggregations;
}

function aggregationOf(
  measure: Measure,
  field: string,
  duration: boolean,
): estypes.AggregationsAggregationContainer | null {
  switch (measure.op) {
    case 'distinct':
      return { cardinality: { field, precision_threshold: DISTINCT_PRECISION } };
    case 'sum':
    case 'avg':
    case 'min':
    case 'max':
      return { stats: { field } };
    case 'quantile':
      return duration
        ? { terms: { field: 'bucket', size: MOST_BUCKETS } }
        : { percentiles: { field, percents: [(measure.quantile ?? 0.5) * 100], tdigest: { compression: 200 } } };
    default:
      return null;
  }
}

interface Totals {
  count: number;
  sum: number;
  number: number;
  min: number | null;
  max: number | null;
  distinct: number;
  durations: DurationBuckets;
  quantile: { value: number; weight: number }[];
}

/** One group's figures: buckets that turn out to be of one group are added up. */
export class GroupTotals {
  readonly key: (string | null)[];
  readonly #plans: MeasurePlan[];
  readonly #whole: Totals[];
  readonly #steps = new Map<number, Totals[]>();

  constructor(key: (string | null)[], plans: MeasurePlan[]) {
    this.key = key;
    this.#plans = plans;
    this.#whole = plans.map(emptyTotals);
  }

  /** @param step null for the whole range */
  add(bucket: Bucket, step: number | null): void {
    let totals = this.#whole;
    if (step !== null) {
      totals = this.#steps.get(step) ?? this.#plans.map(emptyTotals);
      this.#steps.set(step, totals);
    }
    this.#plans.forEach((plan, m) => {
      const own = totals[m];
      if (!own) return;
      own.count += bucket.doc_count;
      plan.variants.forEach((_, v) => {
        const aggregation = bucket[`${m}.${v}`];
        if (aggregation) addTo(own, aggregation, bucket.doc_count);
      });
    });
  }

  values(seconds: number): (number | null)[] {
    return this.#plans.map((plan, m) => answer(plan, this.#whole[m], seconds));
  }

  series(count: number, seconds: number): (number | null)[][] {
    return this.#plans.map((plan, m) =>
      Array.from({ length: count }, (_, step) => answer(plan, this.#steps.get(step)?.[m], seconds)),
    );
  }
}

function emptyTotals(): Totals {
  return { count: 0, sum: 0, number: 0, min: null, max: null, distinct: 0, durations: new Map(), quantile: [] };
}

function addTo(totals: Totals, aggregation: Aggregation, documents: number): void {
  const stats = aggregation as { count?: number; sum?: number; min?: number | null; max?: number | null };
  if (aggregation.values) {
    const [value] = Object.values(aggregation.values);
    if (value != null) totals.quantile.push({ value, weight: documents });
  } else if (aggregation.buckets) {
    for (const { key, doc_count } of aggregation.buckets) {
      totals.durations.set(Number(key), (totals.durations.get(Number(key)) ?? 0) + doc_count);
    }
  } else if (stats.count !== undefined) {
    if (stats.count === 0) return;
    totals.number += stats.count;
    totals.sum += stats.sum ?? 0;
    if (stats.min != null) totals.min = Math.min(totals.min ?? stats.min, stats.min);
    if (stats.max != null) totals.max = Math.max(totals.max ?? stats.max, stats.max);
  } else totals.distinct += aggregation.value ?? 0;
}

function answer({ measure, duration }: MeasurePlan, totals: Totals | undefined, seconds: number): number | null {
  if (!totals) return measure.op === 'count' || measure.op === 'rate' ? 0 : null;
  const scaled = (value: number | null) => (value === null ? null : duration ? value / 1e6 : value);
  switch (measure.op) {
    case 'count':
      return totals.count;
    case 'rate':
      return totals.count / seconds;
    case 'distinct':
      return totals.distinct;
    case 'sum':
      return totals.number > 0 ? scaled(totals.sum) : null;
    case 'avg':
      return totals.number > 0 ? scaled(totals.sum / totals.number) : null;
    case 'min':
      return scaled(totals.min);
    case 'max':
      return scaled(totals.max);
    case 'quantile':
      return duration ? quantileMs(totals.durations, measure.quantile ?? 0.5) : weighted(totals.quantile);
  }
}

/** Where a field stands in several places its quantile is the mean of theirs, by how many they are. */
function weighted(parts: { value: number; weight: number }[]): number | null {
  const weight = parts.reduce((sum, part) => sum + part.weight, 0);
  return weight === 0 ? null : parts.reduce((sum, part) => sum + part.value * part.weight, 0) / weight;
}
