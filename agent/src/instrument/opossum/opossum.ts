import { activeContext, spanOf } from '../../context/context.js';
import { behind, override } from '../../hook/override.js';
import type { Scope } from '../../record/scope.js';
import { AGENT_VERSION } from '../../version.js';
import type { Instrumentation } from '../instrumentation.js';
import { type BreakerState, Breakers, type WatchedBreaker } from '../resilience/breakers.js';
import { type BulkheadLoad, Bulkheads } from '../resilience/bulkheads.js';
import { guardedWorkOf } from '../resilience/guarded-work.js';
import { type CircuitBreaker, reasonOf, stateOf, triedCalls } from './circuit-breaker.js';

const SCOPE: Scope = { name: '@orrery/agent/opossum', version: AGENT_VERSION };

/** Events that decide how a call ended; of several the later one counts (a fallback follows a failure). */
const OUTCOMES: Readonly<Record<string, string>> = {
  success: 'success',
  failure: 'failure',
  timeout: 'timeout',
  reject: 'rejected',
  semaphoreLocked: 'rejected',
};
const TRANSITIONS: Readonly<Record<string, BreakerState>> = { open: 'open', close: 'closed', halfOpen: 'half_open' };

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
    const breakers = new Breakers(agent, SCOPE, 'opossum');
    const bulkheads = new Bulkheads(agent, SCOPE);
    const watched = new WeakMap<CircuitBreaker, WatchedBreaker>();
    const call = Reflect.get(prototype, 'call') as CircuitBreaker['call'];
    const emitting = behind(prototype, 'emit');
    const listening = behind(prototype, 'on') as { on: (this: CircuitBreaker, ...args: unknown[]) => CircuitBreaker };

    const viewOf = (breaker: CircuitBreaker): WatchedBreaker => {
      const known = watched.get(breaker);
      if (known !== undefined) return known;
      const view = viewOver(breaker);
      watched.set(breaker, view);
      breakers.watch(view);
      bulkheads.watch(() => view.name, loadOf(breaker));
      return view;
    };

    // The constructor subscribes to its own events: the first sign of life of every breaker.
    override(prototype, {
      on(this: CircuitBreaker, ...args: unknown[]) {
        viewOf(this);
        return listening.on.apply(this, args);
      },

      emit(this: CircuitBreaker, event: string, ...args: unknown[]) {
        const state = TRANSITIONS[event];
        if (event === 'timeout' || event === 'fallback') tellActiveSpan(this, event);
        if (event === 'semaphoreLocked') bulkheads.reject(this.name);
        const result = emitting.emit.call(this, event, ...args);
        if (state !== undefined) breakers.tell(viewOf(this), state, (previous) => reasonOf(this, state, previous));
        const work = guardedWorkOf(activeContext());
        // What timed out or was refused is told as a failure, too.
        const outcome = event === 'failure' && work?.outcome !== undefined ? undefined : OUTCOMES[event];
        if (outcome !== undefined) {
          breakers.count(viewOf(this), outcome);
          if (work !== undefined) {
            work.outcome = outcome;
            if (outcome === 'timeout') work.timedOut = true;
            // Before a breaker opens because of this call, it has to know what it was about.
            viewOf(this).target = work.target ?? viewOf(this).target;
          }
        } else if (event === 'fallback') breakers.count(viewOf(this), 'fallback');
        return result;
      },

      call(this: CircuitBreaker, context: unknown, ...args: unknown[]) {
        return breakers.guard(
          viewOf(this),
          stateOf(this),
          () => call.call(this, context, ...args),
          (work, failed) => work.outcome ?? (failed === undefined ? 'success' : 'failure'),
        );
      },
    });
  },
};

/** What the span of the call says when its time is over, or something else answers for it. */
function tellActiveSpan({ name, options }: CircuitBreaker, event: string): void {
  const { timeout } = options;
  spanOf(activeContext())?.addEvent(event, {
    [`${event}.name`]: name,
    ...(event === 'timeout' && typeof timeout === 'number' ? { 'timeout.duration': timeout } : {}),
  });
}

/** `capacity` makes a breaker a bulkhead without a queue. */
function loadOf(breaker: CircuitBreaker): () => BulkheadLoad | undefined {
  const reference = new WeakRef(breaker);
  return () => {
    const alive = reference.deref();
    if (alive === undefined) return undefined;
    const { capacity } = alive.options;
    const free = alive.semaphore?.count;
    // Without a capacity of the application's own it is the largest number there is.
    const isLimited = capacity !== undefined && capacity < Number.MAX_SAFE_INTEGER && free !== undefined;
    return { executing: isLimited ? capacity - free : undefined, queued: undefined };
  };
}

function viewOver(breaker: CircuitBreaker): WatchedBreaker {
  const reference = new WeakRef(breaker);
  // While the constructor runs, there is no name yet.
  let name: string | undefined;
  return {
    get name(): string {
      name = reference.deref()?.name ?? name;
      return name ?? '';
    },
    stateNow: () => {
      const alive = reference.deref();
      return alive === undefined ? undefined : stateOf(alive);
    },
    failureRatio: () => {
      const alive = reference.deref();
      const tried = alive === undefined ? 0 : triedCalls(alive);
      return alive === undefined ? undefined : tried > 0 ? alive.stats.failures / tried : 0;
    },
  };
}
