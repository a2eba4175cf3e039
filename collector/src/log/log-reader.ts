import type { LogPosition, LogRecord } from './log-record.js';

/**
 * The store's side of the write-ahead log. Reader and writer are different processes; the files are the only thing
 * between them, plus a wake-up that may be lost without harm (the reader polls).
 */
export interface LogReader {
  /**
   * Records from `after` on, in order, waiting for more at the end. Records arrive in batches of what is there, up to
   * `maxBytes` of bodies, so that the store can commit many small requests at once.
   * A damaged record in the middle is skipped, set aside and counted; what follows is read.
   */
  tail(after: LogPosition, options: { maxBytes: number; signal: AbortSignal }): AsyncIterable<LogRecord[]>;
  /**
   * Everything before `position` is stored: segments that lie wholly before it may be deleted by the writer.
   * Idempotent, and survives a crash of either side.
   */
  release(position: LogPosition): Promise<void>;
  /** Where the log ends now: what lag is measured against. */
  end(): Promise<LogPosition>;
  close(): Promise<void>;
}
