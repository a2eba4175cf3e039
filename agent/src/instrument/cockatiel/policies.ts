/** What is used of cockatiel's policies, versions 3 and 4. */
export interface Policy {
  execute(work: Work, signal?: AbortSignal): Promise<unknown>;
}
export type Work = (
  context: { readonly attempt?: number; readonly signal?: AbortSignal },
  ...rest: unknown[]
) => unknown;
type Listen<Event> = (listener: (event: Event) => void) => { dispose(): void };

/** How one run of guarded work failed: with an error, or with a value the policy counts as failure. */
export interface Failure {
  readonly error?: unknown;
  readonly value?: unknown;
}

export interface CircuitBreakerPolicy extends Policy {
  /** cockatiel's `CircuitState`. */
  readonly state: number;
  readonly lastFailure?: Failure | undefined;
  readonly onStateChange: Listen<number>;
}
export interface RetryPolicy extends Policy {
  readonly options?: { readonly maxAttempts?: number };
}
export interface TimeoutPolicy extends Policy {
  readonly duration?: number;
  readonly onTimeout: Listen<void>;
}
export interface BulkheadPolicy extends Policy {
  readonly executionSlots: number;
  readonly queueSlots: number;
  readonly capacity?: number;
  readonly queueCapacity?: number;
  readonly onReject: Listen<void>;
}

/** The classes of the library, by the names it exports them under. */
export interface Cockatiel {
  readonly CircuitBreakerPolicy: { readonly prototype: CircuitBreakerPolicy };
  readonly RetryPolicy: { readonly prototype: RetryPolicy };
  readonly TimeoutPolicy: { readonly prototype: TimeoutPolicy };
  readonly BulkheadPolicy: { readonly prototype: BulkheadPolicy };
  readonly FallbackPolicy: { readonly prototype: Policy };
}
