import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { TelemetryReader } from '../store/store.js';
import { ownTracer } from './own-tracer.js';

/** Polled several times a second by every live tail: not worth a span. */
const UNTRACED = new Set<PropertyKey>(['logsSince', 'storage']);

/** The same reader with a client span around each question. */
export function traceReader(reader: TelemetryReader): TelemetryReader {
  return new Proxy(reader, {
    get(target, name, receiver) {
      const method: unknown = Reflect.get(target, name, receiver);
      if (typeof method !== 'function' || UNTRACED.has(name)) return method;
      return (...question: unknown[]) =>
        ownTracer().startActiveSpan(`store ${String(name)}`, { kind: SpanKind.CLIENT }, async (span) => {
          try {
            return await (Reflect.apply(method, target, question) as Promise<unknown>);
          } catch (error) {
            span.setStatus({
              code: SpanStatusCode.ERROR,
              message: error instanceof Error ? error.message : String(error),
            });
            throw error;
          } finally {
            span.end();
          }
        });
    },
  });
}
