import { AsyncLocalStorage } from 'node:async_hooks';
import type { Baggage, Context, Span } from '@opentelemetry/api';
import type { Facts } from './facts.js';

/** Keys of the OpenTelemetry API (`createContextKey` is `Symbol.for`), so that every copy of the API in a process meets the same values. */
export const SPAN_KEY = Symbol.for('OpenTelemetry Context Key SPAN');
export const BAGGAGE_KEY = Symbol.for('OpenTelemetry Baggage Key');
const SUPPRESS_KEY = Symbol.for('OpenTelemetry SDK Context Key SUPPRESS_TRACING');

type Values = ReadonlyMap<symbol, unknown>;
const NO_VALUES: Values = new Map();

/**
 * What travels with asynchronous work: the span, baggage and facts in fields of their own, because every request reads
 * them, and anything else an application put there in a map. Immutable, as the API demands.
 */
export class TraceContext implements Context {
  constructor(
    readonly span: Span | undefined,
    readonly baggage: Baggage | undefined,
    /** Facts that came with the request or from baggage; absent until something said so (then the span's facts hold). */
    readonly facts: Facts | undefined,
    private readonly values: Values = NO_VALUES,
  ) {}

  getValue(key: symbol): unknown {
    if (key === SPAN_KEY) return this.span;
    if (key === BAGGAGE_KEY) return this.baggage;
    return this.values.get(key);
  }

  setValue(key: symbol, value: unknown): Context {
    if (key === SPAN_KEY) return new TraceContext(value as Span | undefined, this.baggage, this.facts, this.values);
    if (key === BAGGAGE_KEY) return new TraceContext(this.span, value as Baggage | undefined, this.facts, this.values);
    return new TraceContext(this.span, this.baggage, this.facts, new Map(this.values).set(key, value));
  }

  /** The same other values under another span, baggage and facts. */
  over(span: Span | undefined, baggage: Baggage | undefined, facts: Facts | undefined): TraceContext {
    return new TraceContext(span, baggage, facts, this.values);
  }

  deleteValue(key: symbol): Context {
    if (key === SPAN_KEY || key === BAGGAGE_KEY) return this.setValue(key, undefined);
    const values = new Map(this.values);
    values.delete(key);
    return new TraceContext(this.span, this.baggage, this.facts, values);
  }
}

export const ROOT: Context = new TraceContext(undefined, undefined, undefined);

/** The agent's only AsyncLocalStorage. Entered by `runInContext` alone; `enterWith` would leak into unrelated work. */
const storage = new AsyncLocalStorage<Context>();

/** Where the active context is looked up when somebody else manages it. */
const foreign: { active: (() => Context) | undefined } = { active: undefined };

/** From now on the active context is another context manager's: the application's own OpenTelemetry SDK has one. */
export function adoptContexts(active: () => Context): void {
  foreign.active = active;
}

export function activeContext(): Context {
  return foreign.active === undefined ? ownContext() : foreign.active();
}

/** The context active in the agent's own storage, whoever manages contexts. */
export function ownContext(): Context {
  return storage.getStore() ?? ROOT;
}

/** Runs `work` with `context` active, for everything it starts too. */
export function runInContext<Result>(context: Context, work: () => Result): Result {
  return storage.run(context, work);
}

/** As `runInContext` without a closure, for the request path; `work` gets the arguments, no `this`. */
export function callInContext<Args extends unknown[], Result>(
  context: Context,
  work: (...args: Args) => Result,
  ...args: Args
): Result {
  return storage.run(context, work, ...args);
}

/** False where Node calls back outside of any context (a parser's or socket's own events). */
export function inContext(): boolean {
  return storage.getStore() !== undefined;
}

export function withSpan(context: Context, span: Span): Context {
  return context.setValue(SPAN_KEY, span);
}

export function spanOf(context: Context): Span | undefined {
  return context instanceof TraceContext ? context.span : (context.getValue(SPAN_KEY) as Span | undefined);
}

export function baggageOf(context: Context): Baggage | undefined {
  return context instanceof TraceContext ? context.baggage : (context.getValue(BAGGAGE_KEY) as Baggage | undefined);
}

/** True inside work that must not be traced (the agent's own, or an SDK exporter's). */
export function isSuppressed(context: Context): boolean {
  return context !== ROOT && context.getValue(SUPPRESS_KEY) === true;
}
