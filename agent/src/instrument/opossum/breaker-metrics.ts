import type { Adder, Instrument, Meter } from '../../record/meter.js';
import type { Scope } from '../../record/recorder.js';
import { type CircuitBreaker, stateOf } from './circuit-breaker.js';

const STATES = ['closed', 'open', 'half_open', 'disabled'] as const;

/** `circuit_breaker.status` (one series a state, 1 or 0) and `.execution.count`, as vocabulary has them. */
export class BreakerMetrics {
  private readonly status: Instrument<Adder>;
  private readonly executions: Instrument<Adder>;
  /** Weak, so that a breaker the application forgot is not kept alive by being watched. */
  private readonly breakers = new Set<WeakRef<CircuitBreaker>>();
  private readonly watched = new WeakSet<CircuitBreaker>();

  constructor(meter: Meter, scope: Scope) {
    this.status = meter.upDownCounter(scope, 'circuit_breaker.status', {
      unit: '1',
      description: 'State of each circuit breaker: 1 for the state it is in.',
    });
    this.executions = meter.counter(scope, 'circuit_breaker.execution.count', {
      unit: '{execution}',
      description: 'Guarded calls by outcome.',
    });
    meter.observe(() => this.restate());
  }

  watch(breaker: CircuitBreaker): void {
    if (this.watched.has(breaker)) return;
    this.watched.add(breaker);
    this.breakers.add(new WeakRef(breaker));
  }

  count(breaker: CircuitBreaker, outcome: string): void {
    this.executions
      .series({
        'circuit_breaker.name': breaker.name,
        'circuit_breaker.outcome': outcome,
        'circuit_breaker.library': 'opossum',
      })
      .add(1);
  }

  private restate(): void {
    this.status.clear();
    for (const reference of this.breakers) {
      const breaker = reference.deref();
      if (breaker === undefined) {
        this.breakers.delete(reference);
        continue;
      }
      const now = stateOf(breaker);
      for (const state of STATES) {
        const name = {
          'circuit_breaker.name': breaker.name,
          'circuit_breaker.state': state,
          'circuit_breaker.library': 'opossum',
        };
        this.status.series(name).set(state === now ? 1 : 0);
      }
    }
  }
}
