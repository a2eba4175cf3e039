import type { Problem } from '../contract/index.js';
import { ERROR_CODES, type ErrorCode } from './error-codes.js';

/** What a handler throws to answer with a problem document. */
export class ApiError extends Error {
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly faults: NonNullable<Problem['faults']> | undefined;

  constructor(
    code: ErrorCode,
    detail: string,
    options: { faults?: NonNullable<Problem['faults']>; cause?: unknown } = {},
  ) {
    super(detail, { cause: options.cause });
    this.name = 'ApiError';
    this.code = code;
    this.retryable = ERROR_CODES[code].status >= 500 || ERROR_CODES[code].status === 429;
    this.faults = options.faults;
  }
}

/** RFC 9457. `type` is a name, not an address to fetch: the codes are explained in docs/errors.md. */
export function problemOf(error: ApiError): Problem {
  const { status, title } = ERROR_CODES[error.code];
  return {
    type: `urn:orrery:error:${error.code}`,
    title,
    status,
    detail: error.message,
    code: error.code,
    ...(error.faults ? { faults: error.faults } : {}),
  };
}
