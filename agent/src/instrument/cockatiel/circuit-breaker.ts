import { performance } from 'node:perf_hooks';
import { activeContext, runInContext, withSpan } from '../../context/context.js';
import type { Agent } from '../../engine/engine.js';
import type { Scope } from '../../record/scope.js';
import { AGENT_VERSION } from '../../version.js';
import {
  type BreakerState,
  Breakers,
  failureAttributes,
  targetAttributes,
  type WatchedBreaker,
} from '../resilience/breakers.js';
import { type GuardedWork, guardedWorkOf, withGuardedWork } from '../resilience/guarded-work.js';
import { policyName } from '../resilience/policy-name.js';
import type { CircuitBreakerPolicy, Failure } from './policies.js';

export const COCKATIEL_SCOPE: Scope = { name: '@orrery/agent/cockatiel', version: AGENT_VERSION };
const INTERNAL = 0;
const ERROR = 2;

/** By the numbers of cockatiel's `CircuitState`. */
const STATES: readonly BreakerState[] = ['closed', 'open', 'half_open', 'forced_open'];

export function observeBreakers(prototype: CircuitBreakerPolicy, agent: Agent): void {
  const breakers = new Breakers(agent, COCKATIEL_SCOPE, 'cockatiel');
  const watched = new WeakMap<CircuitBreakerPolicy, WatchedBreaker>();
  const execute = Reflect.get(prototype, 'execute') as CircuitBreakerPolicy['execute'];

  const viewOf = (policy: CircuitBreakerPolicy): WatchedBreaker => {
    const known = watched.get(policy);
    if (known !== undefined) return known;
    const view = viewOver(policy);
    watched.set(policy, view);
    breakers.watch(view);
    policy.onStateChange((state) => {
      view.target = guardedWorkOf(activeContext())?.target ?? view.target;
      breakers.tell(view, STATES[state] ?? 'closed', (previous) => reasonOf(policy, STATES[state], previous));
    });
    return view;
  };

  prototype.execute = function (work, signal) {
    const view = viewOf(this);
    const parent = activeContext();
    const state = STATES[this.state] ?? 'closed';
    const span = agent.recorder.startSpan({
      name: `circuit_breaker ${view.name}`,
      kind: INTERNAL,
      scope: COCKATIEL_SCOPE,
      parent,
      attributes: { ...breakers.nameOf(view.name), 'circuit_breaker.state': state },
    });
    const outer = guardedWorkOf(parent);
    const guarded: GuardedWork = outer === undefined ? {} : { outer };
    const startMs = performance.now();
    const result = runInContext(withGuardedWork(withSpan(parent, span), guarded), () =>
      execute.call(this, work, signal),
    );
    const end = (outcome: string, error?: unknown): void => {
      view.target = guarded.target ?? view.target;
      breakers.count(view, outcome);
      breakers.measure(view, outcome, (performance.now() - startMs) / 1000);
      span.setAttribute('circuit_breaker.outcome', outcome).setAttributes(targetAttributes(guarded.target));
      if (outcome !== 'success') {
        span.setStatus(error instanceof Error ? { code: ERROR, message: error.message } : { code: ERROR });
        span.setAttributes(failureAttributes(outcome, error));
      }
      span.end();
    };
    result.then(
      () => end('success'),
      (error: unknown) => end(outcomeOf(error), error),
    );
    return result;
  };
}

/** Errors of cockatiel mark themselves, whatever copy of the library made them. */
function outcomeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'failure';
  const { isBrokenCircuitError, isTaskCancelledError } = error as Record<string, unknown>;
  if (isBrokenCircuitError === true) return 'rejected';
  return isTaskCancelledError === true ? 'timeout' : 'failure';
}

function reasonOf({ lastFailure }: CircuitBreakerPolicy, state: BreakerState | undefined, previous: string): string {
  if (state === 'forced_open') return 'the application holds it open';
  if (state === 'half_open') return 'its pause is over: the next call is a probe';
  if (state === 'closed') return previous === 'forced_open' ? 'the application let go of it' : 'the probe succeeded';
  const because = failureText(lastFailure);
  return previous === 'half_open' ? `the probe failed: ${because}` : `too many calls failed, the last with ${because}`;
}

function failureText(failure: Failure | undefined): string {
  const error = failure?.error;
  if (error instanceof Error) return `${error.name}: ${error.message}`.slice(0, 200);
  return error === undefined ? 'a value that counts as failure' : typeof error;
}

function viewOver(policy: CircuitBreakerPolicy): WatchedBreaker {
  const reference = new WeakRef(policy);
  return {
    name: policyName(policy),
    stateNow: () => {
      const alive = reference.deref();
      return alive === undefined ? undefined : (STATES[alive.state] ?? 'closed');
    },
    // Its windows are private, and of four kinds.
    failureRatio: () => undefined,
  };
}
