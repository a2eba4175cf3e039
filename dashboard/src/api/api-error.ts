import type { Problem } from '@orrery/collector/api';

/** A question that was not answered: `code` is the problem document's, or `unreachable` when nobody answered at all. */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;
  readonly retryable: boolean;
  readonly faults: NonNullable<Problem['faults']>;

  constructor(
    message: string,
    options: { code: string; status: number; retryable: boolean; faults?: Problem['faults']; cause?: unknown },
  ) {
    super(message, { cause: options.cause });
    this.name = 'ApiError';
    this.code = options.code;
    this.status = options.status;
    this.retryable = options.retryable;
    this.faults = options.faults ?? [];
  }
}

/** Reads the problem document of a refused answer; whatever else stands there becomes a sentence with the status. */
export async function errorOf(response: Response): Promise<ApiError> {
  const retryable = response.status >= 500 || response.status === 429;
  try {
    const problem = (await response.json()) as Partial<Problem>;
    return new ApiError(problem.detail ?? problem.title ?? `The collector answered ${response.status}.`, {
      code: problem.code ?? `http_${response.status}`,
      status: response.status,
      retryable,
      faults: problem.faults,
    });
  } catch (cause) {
    return new ApiError(`The collector answered ${response.status}.`, {
      code: `http_${response.status}`,
      status: response.status,
      retryable,
      cause,
    });
  }
}
