import type { Context, ContextManager } from '@opentelemetry/api';
import { callInContext, ownContext, runInContext } from '../context/context.js';

/** The API's context manager over the agent's one AsyncLocalStorage. */
export class AgentContextManager implements ContextManager {
  active(): Context {
    return ownContext();
  }

  with<Args extends unknown[], F extends (...args: Args) => ReturnType<F>>(
    context: Context,
    work: F,
    self?: ThisParameterType<F>,
    ...args: Args
  ): ReturnType<F> {
    if (self === undefined || self === null) return callInContext(context, work, ...args);
    return runInContext(context, () => work.call(self, ...args));
  }

  bind<Target>(context: Context, target: Target): Target {
    if (typeof target === 'function')
      return boundFunction(context, target as unknown as AnyFunction) as unknown as Target;
    if (isEmitter(target)) bindEmitter(context, target);
    return target;
  }

  enable(): this {
    return this;
  }

  disable(): this {
    return this;
  }
}

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

interface Emitter {
  emit: (...args: unknown[]) => unknown;
  readonly on: (...args: unknown[]) => unknown;
}

/**
 * Says that it takes as many arguments as `work`, because libraries ask. The usual numbers are written out: to name the number
 * afterwards costs more than a call. No closure is made for a call, and as many arguments arrive as were given.
 */
function boundFunction(context: Context, work: AnyFunction): AnyFunction {
  switch (work.length) {
    case 0:
      return function (this: unknown): unknown {
        return callInContext(context, Reflect.apply, work, this, arguments);
      };
    case 1:
      return function (this: unknown, _first): unknown {
        return callInContext(context, Reflect.apply, work, this, arguments);
      };
    case 2:
      return function (this: unknown, _first, _second): unknown {
        return callInContext(context, Reflect.apply, work, this, arguments);
      };
    case 3:
      return function (this: unknown, _first, _second, _third): unknown {
        return callInContext(context, Reflect.apply, work, this, arguments);
      };
    default: {
      const bound = function (this: unknown): unknown {
        return callInContext(context, Reflect.apply, work, this, arguments);
      };
      return Object.defineProperty(bound, 'length', { value: work.length, configurable: true });
    }
  }
}

/** Listeners run in `context`, whichever asynchronous work emits. */
function bindEmitter(context: Context, emitter: Emitter): void {
  const emit = emitter.emit;
  emitter.emit = function (...args: unknown[]): unknown {
    return runInContext(context, () => emit.apply(this, args));
  };
}

function isEmitter(target: unknown): target is Emitter {
  const candidate = target as Partial<Emitter> | null;
  return typeof candidate === 'object' && typeof candidate?.emit === 'function' && typeof candidate.on === 'function';
}
