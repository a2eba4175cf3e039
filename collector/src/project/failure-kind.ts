import type { FailureKind } from '../api/contract/index.js';

/** Errors of a connection that was refused, broken or never found: the other process is gone. */
const CRASH =
  /ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|EHOSTUNREACH|EAI_AGAIN|UND_ERR_SOCKET|ConnectionRefused|ConnectionReset|socket hang up/i;

/** The caller stopped waiting; which of `timing` and `omission` it was, only the server's span can tell. */
const GAVE_UP = /timeout|ETIMEDOUT|deadline|aborted|AbortError|cancel/i;

/**
 * How a failed client span failed, as far as one side can know; empty where it cannot.
 * @param errorType `error.type` of the span
 * @param status HTTP status, NaN when there was no answer
 */
export function failureKind(errorType: string, status: number): FailureKind | '' {
  if (CRASH.test(errorType)) return 'crash';
  if (GAVE_UP.test(errorType)) return '';
  if (status >= 400) return 'response';
  return '';
}
