import { context, propagation } from '@opentelemetry/api';

/** The context of some work as plain data: header names and values. Empty where nothing traces. */
export type CarriedContext = Readonly<Record<string, string>>;

/** Headers as libraries hand them over: of a NATS message, of `fetch`. */
interface HeadersLike {
  get(name: string): string | null | undefined;
}

/**
 * The context of what runs now, for messages that have no place for it: `worker.postMessage({ job, context:
 * carriedContext() })`, a row of a table, a line of a file. Trace, baggage and correlation id; survives structured clone and JSON.
 */
export function carriedContext(): CarriedContext {
  const carried: Record<string, string> = {};
  propagation.inject(context.active(), carried);
  return carried;
}

/**
 * Runs `work` in the context that came along: what `carriedContext` gave, or the headers of a message whose loop the agent
 * cannot enter. What comes is believed, so it has to come from a system of one's own. Without context `work` runs as it is.
 */
export function withContext<Result>(
  carried: CarriedContext | HeadersLike | null | undefined,
  work: () => Result,
): Result {
  if (typeof carried !== 'object' || carried === null) return work();
  const get = (carrier: CarriedContext | HeadersLike, name: string): string | undefined => {
    const value = isHeaders(carrier) ? carrier.get(name) : carrier[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  return context.with(propagation.extract(context.active(), carried, { get, keys: () => [] }), work);
}

function isHeaders(carrier: CarriedContext | HeadersLike): carrier is HeadersLike {
  return typeof (carrier as HeadersLike).get === 'function';
}
