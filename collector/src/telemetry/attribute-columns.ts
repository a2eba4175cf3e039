/** The kinds of an OTLP `AnyValue` (opentelemetry/proto/common/v1). */
export const AttributeType = {
  empty: 0,
  string: 1,
  boolean: 2,
  int: 3,
  double: 4,
  array: 5,
  map: 6,
  bytes: 7,
} as const;
export type AttributeType = (typeof AttributeType)[keyof typeof AttributeType];

/**
 * Every attribute of one request, one row each, whoever it belongs to; owners hold ranges `[from, to)` of rows.
 * Keys and values stay where they are in the request's bytes: an offset and a length say where.
 * For `array` and `map` the range holds the encoded `ArrayValue` / `KeyValueList` message.
 */
export interface AttributeColumns {
  count: number;
  keyOffset: Uint32Array;
  keyLength: Uint32Array;
  type: Uint8Array;
  valueOffset: Uint32Array;
  valueLength: Uint32Array;
  /** The value of `int`, `double` and `boolean` (0 or 1) as a double. */
  number: Float64Array;
  /** The exact value of `int`; 0 for every other type. */
  int: BigInt64Array;
}

/**
 * Numbers what owners of attributes have in common when they come from the same code: the same keys of the same types, in
 * order. What depends on keys alone is found out once per number instead of once per span.
 */
export interface AttributePatterns {
  /** The number of the pattern of rows `[from, to)`, counted from 0; good within this request only. */
  of(from: number, to: number): number;
}

/** Rows `[from[i], to[i])` of another table belong to row `i` of this one. */
export interface RowRanges {
  from: Uint32Array;
  to: Uint32Array;
}

/** Where a text or a byte string lies in the request's bytes; length 0 when it is absent. */
export interface ByteRanges {
  offset: Uint32Array;
  length: Uint32Array;
}

/** OTLP resources of one request. Rows of the signal tables point here by index. */
export interface ResourceColumns {
  count: number;
  attributes: RowRanges;
}

/** OTLP instrumentation scopes of one request. */
export interface ScopeColumns {
  count: number;
  name: ByteRanges;
  version: ByteRanges;
  attributes: RowRanges;
}
