import { activeContext, runInContext, spanOf, withSpan } from '../../context/context.js';
import type { Agent } from '../../engine/engine.js';
import { override } from '../../hook/override.js';
import { failureAttributes, targetAttributes } from '../resilience/breakers.js';
import { type GuardedWork, guardedWorkOf, withGuardedWork } from '../resilience/guarded-work.js';
import { policyName } from '../resilience/policy-name.js';
import { COCKATIEL_SCOPE } from './circuit-breaker.js';
import type { Policy, RetryPolicy, TimeoutPolicy, Work } from './policies.js';

const INTERNAL = 0;
const ERROR = 2;

/** One span around all attempts; what an attempt calls knows which one it was (`http.request.resend_count`). */
export function observeRetries(prototype: RetryPolicy, agent: Agent): void {
  const execute = Reflect.get(prototype, 'execute') as RetryPolicy['execute'];
  override(prototype, {
    execute(this: RetryPolicy, work, signal) {
      const parent = activeContext();
      const outer = guardedWorkOf(parent);
      const span = agent.recorder.startSpan({
        name: `retry ${policyName(this)}`,
        kind: INTERNAL,
        scope: COCKATIEL_SCOPE,
        parent,
      });
      const under = withSpan(parent, span);
      const all: GuardedWork = outer === undefined ? {} : { outer };
      let attempts = 0;
      const result = runInContext(under, () =>
        execute.call(
          this,
          (context, ...rest) => {
            const attempt = context.attempt ?? attempts;
            attempts = attempt + 1;
            if (attempt > 0) span.addEvent('retry', { 'retry.attempt': attempts });
            return runInContext(withGuardedWork(under, { attempt, outer: all }), () => work(context, ...rest));
          },
          signal,
        ),
      );
      const end = (error?: { readonly thrown: unknown }): void => {
        const { maxAttempts } = this.options ?? {};
        span.setAttribute('retry.attempt', attempts).setAttribute('retry.outcome', error ? 'failure' : 'success');
        if (maxAttempts !== undefined && Number.isFinite(maxAttempts)) {
          span.setAttribute('retry.max_attempts', maxAttempts + 1);
          if (error && attempts > maxAttempts) span.addEvent('retry.exhausted', { 'retry.attempt': attempts });
        }
        span.setAttributes(targetAttributes(all.target));
        if (error) span.setStatus({ code: ERROR }).setAttributes(failureAttributes('failure', error.thrown));
        span.end();
      };
      result
        .then(
          () => end(),
          (thrown: unknown) => end({ thrown }),
        )
        .catch((fault: unknown) => agent.warn('retry', 'could not record a retry', fault));
      return result;
    },
  });
}

/** A limit that has passed is an event of the span it was waited in, and what it aborts inside is a time-out. */
export function observeTimeouts(prototype: TimeoutPolicy): void {
  const execute = Reflect.get(prototype, 'execute') as TimeoutPolicy['execute'];
  override(prototype, {
    execute(this: TimeoutPolicy, work, signal) {
      const parent = activeContext();
      const outer = guardedWorkOf(parent);
      const limited: GuardedWork = outer === undefined ? {} : { outer };
      const name = policyName(this);
      const { duration } = this;
      const passed = (): void => {
        limited.timedOut = true;
        spanOf(parent)?.addEvent('timeout', {
          'timeout.name': name,
          ...(duration === undefined ? {} : { 'timeout.duration': duration }),
        });
      };
      return runInContext(withGuardedWork(parent, limited), () =>
        execute.call(this, (context, ...rest) => limitedWork(context, rest, work, passed, signal), signal),
      );
    },
  });
}

/** The signal is aborted as well when the work is done, and when the caller gives up: neither is a time-out. */
function limitedWork(
  context: Parameters<Work>[0],
  rest: unknown[],
  work: Work,
  passed: () => void,
  outer: AbortSignal | undefined,
): unknown {
  let isDone = false;
  const settled = (): void => {
    isDone = true;
  };
  const onAbort = (): void => {
    if (!isDone && outer?.aborted !== true) passed();
  };
  context.signal?.addEventListener('abort', onAbort, { once: true });
  try {
    const value = work(context, ...rest);
    if (value instanceof Promise) value.then(settled, settled);
    else settled();
    return value;
  } catch (error) {
    settled();
    throw error;
  }
}

export function observeFallbacks(prototype: Policy): void {
  const execute = Reflect.get(prototype, 'execute') as Policy['execute'];
  override(prototype, {
    execute(this: Policy, work, signal) {
      let failed = false;
      const observed: typeof work = async (context, ...rest) => {
        try {
          return await work(context, ...rest);
        } catch (error) {
          failed = true;
          throw error;
        }
      };
      const span = spanOf(activeContext());
      const name = policyName(this);
      const result = execute.call(this, observed, signal);
      result.then(
        () => failed && span?.addEvent('fallback', { 'fallback.name': name }),
        () => undefined,
      );
      return result;
    },
  });
}
