import type { EventEmitter } from 'node:events';

/** What is used of opossum's CircuitBreaker, versions 6 to 10. */
export interface CircuitBreaker extends EventEmitter {
  readonly name: string;
  readonly opened: boolean;
  readonly halfOpen: boolean;
  readonly enabled: boolean;
  /** Of the rolling window; `fires` counts what was rejected, too. */
  readonly stats: { readonly fires: number; readonly failures: number; readonly rejects: number };
  readonly options: { readonly errorThresholdPercentage?: number; readonly resetTimeout?: number };
  call(context: unknown, ...args: unknown[]): Promise<unknown>;
}
export type State = 'closed' | 'open' | 'half_open' | 'disabled';

export function stateOf(breaker: CircuitBreaker): State {
  if (!breaker.enabled) return 'disabled';
  // While half-open, opossum's `opened` is false but its probe is pending.
  if (breaker.halfOpen) return 'half_open';
  return breaker.opened ? 'open' : 'closed';
}
