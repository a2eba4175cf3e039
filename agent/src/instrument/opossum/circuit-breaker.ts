import type { EventEmitter } from 'node:events';
import type { BreakerState } from '../resilience/breakers.js';

/** What is used of opossum's CircuitBreaker, versions 5 to 10. */
export interface CircuitBreaker extends EventEmitter {
  readonly name: string;
  readonly opened: boolean;
  readonly halfOpen: boolean;
  readonly enabled: boolean;
  /** Of the rolling window; `fires` counts what was rejected, too. */
  readonly stats: { readonly fires: number; readonly failures: number; readonly rejects: number };
  readonly options: {
    readonly errorThresholdPercentage?: number;
    readonly resetTimeout?: number;
    readonly capacity?: number;
    readonly timeout?: number | false;
  };
  readonly semaphore?: { readonly count: number };
  call(context: unknown, ...args: unknown[]): Promise<unknown>;
}

export function stateOf(breaker: CircuitBreaker): BreakerState {
  if (!breaker.enabled) return 'disabled';
  // While half-open, opossum's `opened` is false but its probe is pending.
  if (breaker.halfOpen) return 'half_open';
  return breaker.opened ? 'open' : 'closed';
}

/** Calls of the rolling window that were let through. */
export function triedCalls({ stats }: CircuitBreaker): number {
  return stats.fires - stats.rejects;
}

/** Why a breaker came into a state. */
export function reasonOf(breaker: CircuitBreaker, state: BreakerState, previous: BreakerState): string {
  const { options, stats } = breaker;
  if (state === 'open' && previous === 'half_open') return 'the probe failed';
  if (state === 'half_open') return `${options.resetTimeout ?? 0} ms are over: the next call is a probe`;
  if (state === 'closed') return 'the probe succeeded';
  const tried = triedCalls(breaker);
  const percent = Math.round(tried > 0 ? (stats.failures / tried) * 100 : 0);
  return `${stats.failures} of ${tried} calls failed (${percent} %, limit ${options.errorThresholdPercentage ?? 0} %)`;
}
