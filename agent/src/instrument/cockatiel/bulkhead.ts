import { activeContext, spanOf } from '../../context/context.js';
import type { Agent } from '../../engine/engine.js';
import { policyName } from '../resilience/policy-name.js';
import { COCKATIEL_SCOPE } from './circuit-breaker.js';
import type { BulkheadPolicy } from './policies.js';

/** How much is executing and queued, read at each export, and what was refused, when it is. */
export function observeBulkheads(prototype: BulkheadPolicy, { meter }: Agent): void {
  const executing = meter.gauge(COCKATIEL_SCOPE, 'bulkhead.executing', {
    unit: '{execution}',
    description: 'Calls that a bulkhead lets through at the moment.',
  });
  const queued = meter.gauge(COCKATIEL_SCOPE, 'bulkhead.queued', {
    unit: '{execution}',
    description: 'Calls that wait for a bulkhead.',
  });
  const rejected = meter.counter(COCKATIEL_SCOPE, 'bulkhead.rejected.count', {
    unit: '{execution}',
    description: 'Calls that found a bulkhead and its queue full.',
  });
  const watched = new Map<WeakRef<BulkheadPolicy>, string>();
  const known = new WeakSet<BulkheadPolicy>();
  const execute = Reflect.get(prototype, 'execute') as BulkheadPolicy['execute'];

  prototype.execute = function (work, signal) {
    if (!known.has(this)) {
      known.add(this);
      const name = policyName(this);
      watched.set(new WeakRef(this), name);
      this.onReject(() => {
        rejected.series({ 'bulkhead.name': name }).add(1);
        spanOf(activeContext())?.addEvent('bulkhead.rejected', { 'bulkhead.name': name });
      });
    }
    return execute.call(this, work, signal);
  };

  meter.observe(() => {
    executing.clear();
    queued.clear();
    for (const [reference, name] of watched) {
      const bulkhead = reference.deref();
      if (bulkhead === undefined) {
        watched.delete(reference);
        continue;
      }
      const { capacity = 0, executionSlots, queueCapacity = 0, queueSlots } = bulkhead;
      const about = { 'bulkhead.name': name };
      // A bulkhead without a limit counts nothing.
      if (Number.isFinite(capacity)) executing.series(about).set(capacity - executionSlots);
      if (Number.isFinite(queueCapacity)) queued.series(about).set(queueCapacity - queueSlots);
    }
  });
}
