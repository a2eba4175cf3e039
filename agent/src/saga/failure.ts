/**
 * Why a step failed: the business said no (out of stock, card declined: trying again changes nothing), or the technique
 * did (time-out, crash: another attempt may succeed).
 */
export type FailureKind = 'business' | 'technical';

/** Thrown by a step's work to say that the business said no. Every other error counts as technical. */
export class BusinessFailure extends Error {
  readonly code = 'saga_business_failure';
  readonly retryable = false;

  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'BusinessFailure';
  }
}

/** By `code` and not by class: a process may hold two copies of this package. */
export function failureKindOf(error: unknown): FailureKind {
  const code = typeof error === 'object' && error !== null ? (error as { code?: unknown }).code : undefined;
  return code === 'saga_business_failure' ? 'business' : 'technical';
}
