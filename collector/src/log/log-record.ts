/** What a record of the write-ahead log carries. */
export const Signal = { traces: 1, logs: 2, metrics: 3 } as const;
export type Signal = (typeof Signal)[keyof typeof Signal];

/** How `body` is stored. A body in which nothing had to be redacted stays as it came. */
export const BodyEncoding = { identity: 0, gzip: 1 } as const;
export type BodyEncoding = (typeof BodyEncoding)[keyof typeof BodyEncoding];

/**
 * Place in the log: bytes before this record since the log was created. It only grows, over restarts too,
 * and stays below 2⁵³ (nine petabytes), so a number holds it exactly.
 */
export type LogPosition = number & { readonly __unit: 'log-position' };

/**
 * One acknowledged request. The body is always an OTLP protobuf `Export…ServiceRequest`, whatever the sender spoke:
 * other formats are translated before the log, so that everything behind it decodes one thing.
 */
export interface LogRecord {
  position: LogPosition;
  /** Position of the record after this one: what a cursor is set to once this record is stored. */
  next: LogPosition;
  signal: Signal;
  encoding: BodyEncoding;
  /** Wall clock of the receiver. Decides the slice, at every replay the same. */
  receivedNano: bigint;
  /** Where the record's items came from (an ingest key's name); empty on a laptop. */
  tenant: string;
  body: Uint8Array;
}
