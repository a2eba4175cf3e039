import type { Agent } from '../../engine/engine.js';
import { override } from '../../hook/override.js';
import { Bulkheads } from '../resilience/bulkheads.js';
import { policyName } from '../resilience/policy-name.js';
import { COCKATIEL_SCOPE } from './circuit-breaker.js';
import type { BulkheadPolicy } from './policies.js';

export function observeBulkheads(prototype: BulkheadPolicy, agent: Agent): void {
  const bulkheads = new Bulkheads(agent, COCKATIEL_SCOPE);
  const known = new WeakSet<BulkheadPolicy>();
  const execute = Reflect.get(prototype, 'execute') as BulkheadPolicy['execute'];

  override(prototype, {
    execute(this: BulkheadPolicy, work, signal) {
      if (!known.has(this)) {
        known.add(this);
        const name = policyName(this);
        const reference = new WeakRef(this);
        bulkheads.watch(
          () => name,
          () => {
            const bulkhead = reference.deref();
            if (bulkhead === undefined) return undefined;
            const { capacity = 0, executionSlots, queueCapacity = 0, queueSlots } = bulkhead;
            return {
              executing: Number.isFinite(capacity) ? capacity - executionSlots : undefined,
              queued: Number.isFinite(queueCapacity) ? queueCapacity - queueSlots : undefined,
            };
          },
        );
        this.onReject(() => bulkheads.reject(name));
      }
      return execute.call(this, work, signal);
    },
  });
}
