import type { Instrumentation } from '../instrumentation.js';
import { observeBulkheads } from './bulkhead.js';
import { observeBreakers } from './circuit-breaker.js';
import type { Cockatiel } from './policies.js';
import { observeFallbacks, observeRetries, observeTimeouts } from './retry.js';

/**
 * cockatiel 3 and 4, by the `execute` of each kind of policy: breakers as those of opossum; retries with a span around all
 * attempts; time limits, bulkheads and fallbacks as events of the span that is active, and gauges. What `wrap` combines
 * nests as it was wrapped.
 */
export const cockatiel: Instrumentation = {
  library: 'cockatiel',
  versions: ['3.0.0', '5.0.0'],
  esModule: true,
  patch: (exports, agent) => {
    const library = exports as Cockatiel;
    observeBreakers(library.CircuitBreakerPolicy.prototype, agent);
    observeRetries(library.RetryPolicy.prototype, agent);
    observeTimeouts(library.TimeoutPolicy.prototype);
    observeBulkheads(library.BulkheadPolicy.prototype, agent);
    observeFallbacks(library.FallbackPolicy.prototype);
  },
};
