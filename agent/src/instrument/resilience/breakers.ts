import { performance } from 'node:perf_hooks';
import type { Attributes } from '@opentelemetry/api';
import { activeContext, runInContext, withSpan } from '../../context/context.js';
import type { Agent } from '../../engine/engine.js';
import type { Adder, Instrument, Observer, Setter } from '../../record/meter.js';
import type { Scope } from '../../record/scope.js';
import { Severity } from '../../record/severity.js';
import { type GuardedWork, guardedWorkOf, type Target, withGuardedWork } from './guarded-work.js';

const INTERNAL = 0;
const ERROR = 2;
const STATES = ['closed', 'open', 'half_open', 'forced_open', 'disabled'] as const;
export type BreakerState = (typeof STATES)[number];

/** One breaker, whatever library made it. Holds nothing that would keep it alive. */
export interface WatchedBreaker {
  readonly name: string;
  /** `undefined` once the application has forgotten the breaker. */
  readonly stateNow: () => BreakerState | undefined;
  /** Share of failed calls in the library's window, 0 to 1; `undefined` where it counts none. */
  readonly failureRatio: () => number | undefined;
  /** What it protects, as far as its calls have shown. */
  target?: Target | undefined;
  /** What was told last. */
  toldState?: BreakerState;
}

/**
 * What all breakers of a library tell, as vocabulary has it: a log event for each change of state, at once; and with each
 * export of metrics every breaker states itself, a closed and idle one too, so that who looks later is right.
 */
export class Breakers {
  private readonly status: Instrument<Adder>;
  private readonly executions: Instrument<Adder>;
  private readonly durations: Instrument<Observer>;
  private readonly changes: Instrument<Adder>;
  private readonly ratios: Instrument<Setter>;
  private readonly watched = new Set<WatchedBreaker>();

  constructor(
    private readonly agent: Agent,
    private readonly scope: Scope,
    private readonly library: string,
  ) {
    const { meter } = agent;
    this.status = meter.upDownCounter(scope, 'circuit_breaker.status', {
      unit: '1',
      description: 'State of each circuit breaker: 1 for the state it is in.',
    });
    this.executions = meter.counter(scope, 'circuit_breaker.execution.count', {
      unit: '{execution}',
      description: 'Guarded calls by outcome.',
    });
    this.durations = meter.histogram(scope, 'circuit_breaker.execution.duration', {
      unit: 's',
      description: 'Duration of guarded calls by outcome.',
    });
    this.changes = meter.counter(scope, 'circuit_breaker.state_change.count', {
      unit: '{change}',
      description: 'Changes of state, by the state that was reached.',
    });
    this.ratios = meter.gauge(scope, 'circuit_breaker.failure_ratio', {
      unit: '1',
      description: 'Share of failed calls in the window of the breaker.',
    });
    meter.observe(() => this.restate());
  }

  watch(breaker: WatchedBreaker): void {
    this.watched.add(breaker);
  }

  /**
   * Runs one guarded call under a span with the state it met and the outcome it had. Inside, what is called finds its way
   * back to it (`guardedWorkOf`).
   * @param outcomeOf asked once it has ended; `failed` holds what it threw
   */
  guard(
    breaker: WatchedBreaker,
    state: BreakerState,
    call: () => Promise<unknown>,
    outcomeOf: (work: GuardedWork, failed: { readonly thrown: unknown } | undefined) => string,
  ): Promise<unknown> {
    const parent = activeContext();
    const span = this.agent.recorder.startSpan({
      name: `circuit_breaker ${breaker.name}`,
      kind: INTERNAL,
      scope: this.scope,
      parent,
      attributes: { ...this.nameOf(breaker.name), 'circuit_breaker.state': state },
    });
    const outer = guardedWorkOf(parent);
    const work: GuardedWork = outer === undefined ? {} : { outer };
    const startMs = performance.now();
    const result = runInContext(withGuardedWork(withSpan(parent, span), work), call);
    // Where an open breaker lets a probe through, it is the call that makes it half-open.
    if (state === 'open' && breaker.stateNow() === 'half_open') span.setAttribute('circuit_breaker.state', 'half_open');
    const end = (failed?: { readonly thrown: unknown }): void => {
      const outcome = outcomeOf(work, failed);
      this.measure(breaker, outcome, (performance.now() - startMs) / 1000);
      span.setAttribute('circuit_breaker.outcome', outcome).setAttributes(targetAttributes(work.target));
      if (outcome !== 'success') {
        const error = failed?.thrown;
        span.setStatus(error instanceof Error ? { code: ERROR, message: error.message } : { code: ERROR });
        span.setAttributes(failureAttributes(outcome, error));
      }
      span.end();
    };
    result
      .then(
        () => end(),
        (thrown: unknown) => end({ thrown }),
      )
      .catch((fault: unknown) => this.agent.warn('breaker', 'could not record a guarded call', fault));
    return result;
  }

  /** One guarded call came to an end. */
  count({ name }: WatchedBreaker, outcome: string): void {
    this.executions.series({ ...this.nameOf(name), 'circuit_breaker.outcome': outcome }).add(1);
  }

  private measure({ name }: WatchedBreaker, outcome: string, seconds: number): void {
    this.durations.series({ ...this.nameOf(name), 'circuit_breaker.outcome': outcome }).record(seconds);
  }

  /** A breaker is in another state now; a state that was told already is not told again. */
  tell(breaker: WatchedBreaker, state: BreakerState, reason: (previous: BreakerState) => string): void {
    const previous = breaker.toldState ?? (state === 'closed' ? 'half_open' : 'closed');
    breaker.toldState = state;
    if (previous === state) return;
    const { name } = breaker;
    const ratio = breaker.failureRatio();
    const because = reason(previous);
    const isBad = state === 'open' || state === 'forced_open';
    this.changes.series({ ...this.nameOf(name), 'circuit_breaker.state': state }).add(1);
    this.agent.recorder.emitLog({
      scope: this.scope,
      severityNumber: isBad ? Severity.warn : Severity.info,
      severityText: isBad ? 'warn' : 'info',
      eventName: 'circuit_breaker.state_change',
      body: `Circuit breaker ${name} is ${state.replace('_', '-')}: ${because}`,
      attributes: {
        ...this.nameOf(name),
        'circuit_breaker.state': state,
        'circuit_breaker.previous_state': previous,
        'circuit_breaker.reason': because,
        ...(ratio === undefined ? {} : { 'circuit_breaker.failure_ratio': ratio }),
        ...targetAttributes(breaker.target),
      },
    });
  }

  nameOf(name: string): { 'circuit_breaker.name': string; 'circuit_breaker.library': string } {
    return { 'circuit_breaker.name': name, 'circuit_breaker.library': this.library };
  }

  private restate(): void {
    this.status.clear();
    this.ratios.clear();
    for (const breaker of this.watched) {
      const now = breaker.stateNow();
      if (now === undefined) {
        this.watched.delete(breaker);
        continue;
      }
      const about = { ...this.nameOf(breaker.name), ...targetAttributes(breaker.target) };
      for (const state of STATES) {
        this.status.series({ ...about, 'circuit_breaker.state': state }).set(state === now ? 1 : 0);
      }
      const ratio = breaker.failureRatio();
      if (ratio !== undefined) this.ratios.series(about).set(ratio);
    }
  }
}

export function targetAttributes(target: Target | undefined): { 'server.address'?: string; 'server.port'?: number } {
  return target === undefined ? {} : { 'server.address': target.address, 'server.port': target.port };
}

/** How a guarded call that failed is described: `error.type` is the code of the error, else its class, else the outcome. */
export function failureAttributes(outcome: string, error: unknown): Attributes {
  if (typeof error !== 'object' || error === null) return { 'error.type': outcome };
  const { code, name } = error as { code?: unknown; name?: unknown };
  return { 'error.type': typeof code === 'string' ? code : typeof name === 'string' ? name : outcome };
}
