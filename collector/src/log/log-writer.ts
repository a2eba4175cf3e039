import type { BodyEncoding, Signal } from './log-record.js';

export interface AppendRequest {
  signal: Signal;
  encoding: BodyEncoding;
  receivedNano: bigint;
  tenant: string;
  body: Uint8Array;
}

/** Why an append was refused. Both are retryable by the sender: 503 with `Retry-After`. */
export type LogRefusalCode = 'log_full' | 'disk_full';

/** The intake's side of the write-ahead log: the only queue between a sender and the store. */
export interface LogWriter {
  /**
   * Resolves once the record would survive a crash of the process and of the power (group `fdatasync`), never earlier.
   * A body whose hash was appended within the dedupe window resolves with `duplicate: true` and is not written again.
   * @throws LogRefusal when the log's bound is reached or the disk is full; nothing was written then.
   */
  append(request: AppendRequest): Promise<{ duplicate: boolean }>;
  close(): Promise<void>;
}
