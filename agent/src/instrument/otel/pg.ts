import { createRequire } from 'node:module';
import type { Instrumentation } from '../instrumentation.js';
import { fromOtel, type OtelInstrumentation } from './otel-instrumentation.js';

let shared: OtelInstrumentation | undefined;

/** One instance for `pg` and `pg-pool`, made when the first of them is loaded. */
function instance(): OtelInstrumentation {
  const require = createRequire(__filename);
  shared ??= (require('./otel-bundle.cjs') as { pg: () => OtelInstrumentation }).pg();
  return shared;
}

export const pg: Instrumentation = fromOtel('pg', ['8.0.3', '9.0.0'], instance);
export const pgPool: Instrumentation = fromOtel('pg-pool', ['2.0.0', '4.0.0'], instance);
