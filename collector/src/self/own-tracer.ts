import { type Tracer, trace } from '@opentelemetry/api';

/**
 * The tracer of this process, asked for at every use. The SDK is CommonJS and this is not, so each has a copy of the API:
 * a tracer kept from before the SDK started would never learn of it.
 */
export function ownTracer(): Tracer {
  return trace.getTracer('orrery');
}
