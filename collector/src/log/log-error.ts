import type { LogRefusalCode } from './log-writer.js';

/** The log takes nothing at the moment; the sender keeps its data and comes back. */
export class LogRefusal extends Error {
  readonly code: LogRefusalCode;
  readonly retryable = true;

  constructor(code: LogRefusalCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'LogRefusal';
    this.code = code;
  }
}

export type LogErrorCode =
  /** Another process writes to this log. */
  | 'log_locked'
  /** Segments of a newer version of Orrery. */
  | 'format_newer'
  /** The writer is closed. */
  | 'log_closed';

/** Why a log can not be used at all. */
export class LogError extends Error {
  readonly code: LogErrorCode;
  readonly retryable = false;

  constructor(code: LogErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'LogError';
    this.code = code;
  }
}
