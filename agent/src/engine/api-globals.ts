import type { Context, ContextManager, MeterProvider, TextMapPropagator, TracerProvider } from '@opentelemetry/api';

/** Where every copy of `@opentelemetry/api` 1.x looks for its implementations. */
const API = Symbol.for('opentelemetry.js.api.1');

/**
 * A copy of the API uses a global whose minor version is at least its own; above every real one, all copies in a process
 * reach us, whatever versions the application and its libraries brought.
 */
const VERSION = '1.99.0';

export type ApiPlace = 'trace' | 'context' | 'propagation' | 'metrics';

export interface ApiImplementations {
  readonly trace: TracerProvider;
  readonly context: ContextManager;
  readonly propagation: TextMapPropagator;
  readonly metrics: MeterProvider | undefined;
}

/** Takes the global of the API. Answers false, and changes nothing, when somebody else has it. */
export function ownApiGlobals(implementations: ApiImplementations): boolean {
  const holder = globalThis as { [API]?: Record<string, unknown> };
  if (holder[API]?.['trace'] !== undefined) return false;
  const { trace, context, propagation, metrics } = implementations;
  holder[API] = { version: VERSION, trace, context, propagation, ...(metrics === undefined ? {} : { metrics }) };
  return true;
}

/**
 * Lets somebody else have one of the API's places: registering there wants it empty and the version to be the very one of
 * the copy that registers. Answers who was there.
 */
export function yieldApiGlobal(place: ApiPlace, version: string): unknown {
  const held = (globalThis as { [API]?: Record<string, unknown> })[API];
  if (held === undefined) return undefined;
  const former = held[place];
  Reflect.deleteProperty(held, place);
  held['version'] = version;
  return former;
}

/** The context that is active for the application's own SDK. */
export function activeApiContext(): Context | undefined {
  const { context } = (globalThis as { [API]?: { context?: ContextManager } })[API] ?? {};
  return context?.active();
}

/** The SDK takes the global with the version of the API it came with; raised, newer copies of the API reach it too. */
export function raiseApiVersion(): void {
  const holder = globalThis as { [API]?: Record<string, unknown> };
  // An object of its own: in that of API 1.10 the version cannot be written.
  if (holder[API] !== undefined) holder[API] = { ...holder[API], version: VERSION };
}
