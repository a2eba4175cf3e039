import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { withStableConventions } from './stable-conventions.js';

/**
 * The unmodified OpenTelemetry instrumentations, one program of their own: required when the application loads one of
 * their libraries. `enabled: false` keeps them from installing module hooks.
 */
export function pg(): unknown {
  return withStableConventions('database', () => new PgInstrumentation({ enabled: false, requireParentSpan: false }));
}
