import type {
  AttributeColumns,
  AttributePatterns,
  ByteRanges,
  ResourceColumns,
  RowRanges,
  ScopeColumns,
} from './attribute-columns.js';

/** One decoded `ExportLogsServiceRequest` as a struct of arrays over its own bytes. */
export interface LogColumns {
  bytes: Uint8Array;
  count: number;
  resource: Uint32Array;
  scope: Uint32Array;
  /** Event time; the observed time where the sender gave none. */
  timeNano: BigUint64Array;
  observedNano: BigUint64Array;
  /** OTLP severity number, 0–24. */
  severityNumber: Uint8Array;
  severityText: ByteRanges;
  eventName: ByteRanges;
  /** The body is one row of `attributes` (its key is empty), so that it has a type like any attribute. */
  body: Uint32Array;
  traceId: Uint32Array;
  spanId: Uint32Array;
  flags: Uint32Array;
  attribute: RowRanges;
  attributes: AttributeColumns;
  patterns: AttributePatterns;
  resources: ResourceColumns;
  scopes: ScopeColumns;
}
