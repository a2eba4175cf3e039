/** A metric point's figures as they are kept: JSON text in `point`. Null where the sender gave NaN or nothing. */
export interface StoredPoint {
  /** Nanoseconds as text: when a cumulative series began. */
  start: string;
  flags: number;
  /** Gauge and sum: the value. Others: the sum. */
  value: number | null;
  count?: number;
  min?: number | null;
  max?: number | null;
  counts?: (number | null)[];
  bounds?: (number | null)[];
  scale?: number;
  zero?: number;
  positive_offset?: number;
  negative_offset?: number;
  negative_counts?: (number | null)[];
}
