import type {
  AttributeColumns,
  AttributePatterns,
  ByteRanges,
  ResourceColumns,
  RowRanges,
  ScopeColumns,
} from './attribute-columns.js';

/** Offset that stands for "there is no such id". */
export const ABSENT = 0xffff_ffff;

/**
 * One decoded `ExportTraceServiceRequest` as a struct of arrays over its own bytes: no object per span.
 * Ids are offsets of 16 or 8 raw bytes in `bytes`, or {@link ABSENT}. Decoders leave out spans whose ids have a
 * wrong length, and say so in {@link DecodeReport}.
 */
export interface SpanColumns {
  bytes: Uint8Array;
  count: number;
  resource: Uint32Array;
  scope: Uint32Array;
  traceId: Uint32Array;
  spanId: Uint32Array;
  parentSpanId: Uint32Array;
  traceState: ByteRanges;
  name: ByteRanges;
  /** OTLP `SpanKind`: 0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  kind: Uint8Array;
  startNano: BigUint64Array;
  endNano: BigUint64Array;
  /** OTLP `StatusCode`: 0 unset, 1 ok, 2 error. */
  statusCode: Uint8Array;
  statusMessage: ByteRanges;
  flags: Uint32Array;
  attribute: RowRanges;
  event: RowRanges;
  link: RowRanges;
  events: SpanEventColumns;
  links: SpanLinkColumns;
  attributes: AttributeColumns;
  patterns: AttributePatterns;
  resources: ResourceColumns;
  scopes: ScopeColumns;
}

export interface SpanEventColumns {
  count: number;
  timeNano: BigUint64Array;
  name: ByteRanges;
  attribute: RowRanges;
}

export interface SpanLinkColumns {
  count: number;
  traceId: Uint32Array;
  spanId: Uint32Array;
  attribute: RowRanges;
}

/** What a decoder had to leave out, in the words of OTLP's partial success. */
export interface DecodeReport {
  rejected: number;
  /** The first reason, with the place of the fault; empty when nothing was rejected. */
  reason: string;
}
