import type { ContextManager, MeterProvider, TextMapPropagator, TracerProvider } from '@opentelemetry/api';

/** Where every copy of `@opentelemetry/api` 1.x looks for its implementations. */
const API = Symbol.for('opentelemetry.js.api.1');

/**
 * A copy of the API uses a global whose minor version is at least its own; above every real one, all copies in a process
 * reach us, whatever versions the application and its libraries brought.
 */
const VERSION = '1.99.0';

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

/** The SDK takes the global with the version of the API it came with; raised, newer copies of the API reach it too. */
export function raiseApiVersion(): void {
  const holder = globalThis as { [API]?: Record<string, unknown> };
  if (holder[API] !== undefined) holder[API]['version'] = VERSION;
}
