import { activeContext } from '../../context/context.js';
import type { Agent } from '../../engine/engine.js';
import { override } from '../../hook/override.js';
import type { Scope } from '../../record/scope.js';
import { AGENT_VERSION } from '../../version.js';
import { type BreakerState, Breakers, type WatchedBreaker } from '../resilience/breakers.js';
import { guardedWorkOf } from '../resilience/guarded-work.js';
import { policyName } from '../resilience/policy-name.js';
import type { CircuitBreakerPolicy, Failure, Work } from './policies.js';

export const COCKATIEL_SCOPE: Scope = { name: '@orrery/agent/cockatiel', version: AGENT_VERSION };

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

  // A call that waited for a half-open breaker's probe is executed again by the policy itself: with what it was given.
  const given = new WeakSet<Work>();

  override(prototype, {
    execute(this: CircuitBreakerPolicy, work, signal) {
      if (given.has(work)) return execute.call(this, work, signal);
      const view = viewOf(this);
      const ours: Work = (...args) => work(...args);
      given.add(ours);
      const call = (): Promise<unknown> => execute.call(this, ours, signal);
      return breakers.guard(view, STATES[this.state] ?? 'closed', call, ({ target }, failed) => {
        view.target = target ?? view.target;
        const outcome = failed === undefined ? 'success' : outcomeOf(failed.thrown);
        breakers.count(view, outcome);
        return outcome;
      });
    },
  });
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
