import type {
  AttributeColumns,
  AttributePatterns,
  ByteRanges,
  ResourceColumns,
  RowRanges,
  ScopeColumns,
} from './attribute-columns.js';

export const MetricType = { gauge: 1, sum: 2, histogram: 3, exponentialHistogram: 4, summary: 5 } as const;
export type MetricType = (typeof MetricType)[keyof typeof MetricType];

/** Says of a point that it stands for every series beyond its SDK's cap (OTel metrics SDK, "Overflow attribute"). */
export const OVERFLOW_ATTRIBUTE = 'otel.metric.overflow';

/** One decoded `ExportMetricsServiceRequest` as a struct of arrays over its own bytes. */
export interface MetricColumns {
  bytes: Uint8Array;
  metrics: MetricInfoColumns;
  points: MetricPointColumns;
  exemplars: ExemplarColumns;
  attributes: AttributeColumns;
  patterns: AttributePatterns;
  resources: ResourceColumns;
  scopes: ScopeColumns;
}

export interface MetricInfoColumns {
  count: number;
  resource: Uint32Array;
  scope: Uint32Array;
  name: ByteRanges;
  description: ByteRanges;
  unit: ByteRanges;
  type: Uint8Array;
  /** OTLP `AggregationTemporality`: 0 unspecified, 1 delta, 2 cumulative. */
  temporality: Uint8Array;
  monotonic: Uint8Array;
}

export interface MetricPointColumns {
  count: number;
  /** Row of {@link MetricInfoColumns}. */
  metric: Uint32Array;
  timeNano: BigUint64Array;
  startNano: BigUint64Array;
  flags: Uint32Array;
  attribute: RowRanges;
  /** Gauge and sum: the value. Histograms and summaries: the sum. */
  value: Float64Array;
  /** Histograms and summaries: how many measurements. */
  observations: Float64Array;
  /** NaN when the sender gave none. */
  min: Float64Array;
  max: Float64Array;
  /** Explicit histograms: bounds.length + 1 counts. Exponential: positive buckets. Summary: quantile values. */
  bucketCounts: RowRanges;
  /** Explicit histograms: upper bounds. Summary: the quantiles. */
  bounds: RowRanges;
  /** Exponential histograms only. */
  scale: Int32Array;
  zeroCount: Float64Array;
  positiveOffset: Int32Array;
  negativeOffset: Int32Array;
  negativeCounts: RowRanges;
  exemplar: RowRanges;
  /** The arena that `bucketCounts`, `bounds` and `negativeCounts` point into. */
  numbers: Float64Array;
}

export interface ExemplarColumns {
  count: number;
  timeNano: BigUint64Array;
  value: Float64Array;
  traceId: Uint32Array;
  spanId: Uint32Array;
  /** Attributes that the aggregation dropped from its points (`filtered_attributes`). */
  attribute: RowRanges;
}
