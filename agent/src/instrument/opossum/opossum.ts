import { activeContext, runInContext, withSpan } from '../../context/context.js';
import type { Agent } from '../../engine/engine.js';
import type { Scope } from '../../record/recorder.js';
import { Severity } from '../../record/severity.js';
import { AGENT_VERSION } from '../../version.js';
import type { Instrumentation } from '../instrumentation.js';
import { BreakerMetrics } from './breaker-metrics.js';
import { type CircuitBreaker, type State, stateOf } from './circuit-breaker.js';

const SCOPE: Scope = { name: '@orrery/agent/opossum', version: AGENT_VERSION };
const INTERNAL = 0;
const ERROR = 2;

/** Events that decide how a call ended; of several the later one counts (a fallback follows a failure). */
const OUTCOMES: Readonly<Record<string, string>> = {
  success: 'success',
  failure: 'failure',
  timeout: 'timeout',
  reject: 'rejected',
  semaphoreLocked: 'rejected',
};
const TRANSITIONS: Readonly<Record<string, State>> = { open: 'open', close: 'closed', halfOpen: 'half_open' };

/**
 * opossum: a span around each guarded call with the state it met and the outcome it had, so that "we did not even try"
 * and "they failed" look different; a log event for each change of state; metrics that restate every breaker at each
 * export, so that a short opening is not lost and a closed breaker is known to be there.
 */
export const opossum: Instrumentation = {
  library: 'opossum',
  versions: ['5.0.0', '11.0.0'],
  patch: (exports, agent) => {
    const { prototype } = exports as { prototype: CircuitBreaker };
    const metrics = new BreakerMetrics(agent.meter, SCOPE);
    const last = new WeakMap<CircuitBreaker, State>();
    const outcomes = new WeakMap<object, string>();
    const call = Reflect.get(prototype, 'call') as CircuitBreaker['call'];
    const emit = Reflect.get(prototype, 'emit') as (this: CircuitBreaker, event: string, ...args: unknown[]) => boolean;
    const on = Reflect.get(prototype, 'on') as (this: CircuitBreaker, ...args: unknown[]) => CircuitBreaker;

    // The constructor subscribes to its own events: the first sign of life of every breaker.
    prototype.on = function (this: CircuitBreaker, ...args: unknown[]) {
      metrics.watch(this);
      return on.apply(this, args);
    } as CircuitBreaker['on'];

    prototype.emit = function (this: CircuitBreaker, event: string, ...args: unknown[]) {
      const state = TRANSITIONS[event];
      const result = emit.call(this, event, ...args);
      if (state !== undefined) tellTransition(agent, this, state, last);
      const outcome = OUTCOMES[event] ?? (event === 'fallback' ? 'fallback' : undefined);
      if (outcome !== undefined) {
        metrics.count(this, outcome);
        const span = activeContext().getValue(GUARDED);
        if (typeof span === 'object' && span !== null && outcome !== 'fallback') outcomes.set(span, outcome);
      }
      return result;
    } as CircuitBreaker['emit'];

    prototype.call = function (context, ...args) {
      const state = stateOf(this);
      const parent = activeContext();
      const span = agent.recorder.startSpan({
        name: `circuit_breaker ${this.name}`,
        kind: INTERNAL,
        scope: SCOPE,
        parent,
        attributes: {
          'circuit_breaker.name': this.name,
          'circuit_breaker.state': state,
          'circuit_breaker.library': 'opossum',
        },
      });
      const guarded = {};
      const result = runInContext(withSpan(parent, span).setValue(GUARDED, guarded), () =>
        call.call(this, context, ...args),
      );
      const end = (fallback: string, error?: unknown): void => {
        const outcome = outcomes.get(guarded) ?? fallback;
        span.setAttribute('circuit_breaker.outcome', outcome);
        if (outcome !== 'success') {
          span.setStatus(error instanceof Error ? { code: ERROR, message: error.message } : { code: ERROR });
          span.setAttribute('error.type', errorCode(error) ?? outcome);
        }
        span.end();
      };
      result.then(
        () => end('success'),
        (error: unknown) => end('failure', error),
      );
      return result;
    };
  },
};

/** Marks the work of one guarded call, so that its events, told to the breaker as a whole, find their way back. */
const GUARDED = Symbol('orrery.guarded');

function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, name } = error as { code?: unknown; name?: unknown };
  return typeof code === 'string' ? code : typeof name === 'string' ? name : undefined;
}

function tellTransition(
  agent: Agent,
  breaker: CircuitBreaker,
  state: State,
  last: WeakMap<CircuitBreaker, State>,
): void {
  const previous = last.get(breaker) ?? (state === 'closed' ? 'half_open' : 'closed');
  last.set(breaker, state);
  if (previous === state) return;
  const { failures } = breaker.stats;
  const tried = triedCalls(breaker);
  const ratio = tried > 0 ? failures / tried : 0;
  agent.recorder.emitLog({
    scope: SCOPE,
    severityNumber: state === 'open' ? Severity.warn : Severity.info,
    severityText: state === 'open' ? 'warn' : 'info',
    eventName: 'circuit_breaker.state_change',
    body: `Circuit breaker ${breaker.name} is ${state.replace('_', '-')}: ${reasonOf(breaker, state, previous, ratio)}`,
    attributes: {
      'circuit_breaker.name': breaker.name,
      'circuit_breaker.state': state,
      'circuit_breaker.previous_state': previous,
      'circuit_breaker.library': 'opossum',
      'circuit_breaker.reason': reasonOf(breaker, state, previous, ratio),
      'circuit_breaker.failure_ratio': ratio,
    },
  });
}

function reasonOf(breaker: CircuitBreaker, state: State, previous: State, ratio: number): string {
  const { options, stats } = breaker;
  if (state === 'open' && previous === 'half_open') return 'the probe failed';
  if (state === 'half_open') return `${options.resetTimeout ?? 0} ms are over: the next call is a probe`;
  if (state === 'closed') return 'the probe succeeded';
  const percent = Math.round(ratio * 100);
  return `${stats.failures} of ${triedCalls(breaker)} calls failed (${percent} %, limit ${options.errorThresholdPercentage ?? 0} %)`;
}

/** Calls of the rolling window that were let through. */
function triedCalls({ stats }: CircuitBreaker): number {
  return stats.fires - stats.rejects;
}
