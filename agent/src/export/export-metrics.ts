import type { Meter } from '../record/meter.js';
import type { Scope } from '../record/scope.js';
import { AGENT_VERSION } from '../version.js';
import { type Counters, SIGNALS } from './mailbox.js';

const SCOPE: Scope = { name: '@orrery/agent/export', version: AGENT_VERSION };

/** The agent about itself: records the collector took and records that were dropped, by signal. */
export function observeExport(meter: Meter, counters: Counters): void {
  const exported = meter.counter(SCOPE, 'orrery.agent.exported', {
    unit: '{record}',
    description: 'Records accepted by the collector.',
  });
  const dropped = meter.counter(SCOPE, 'orrery.agent.dropped', {
    unit: '{record}',
    description: 'Records lost: queue full, refused, or no time left.',
  });
  meter.observe(() => {
    for (const signal of SIGNALS) {
      exported.series({ signal }).set(counters.sent(signal));
      dropped.series({ signal }).set(counters.dropped(signal));
    }
  });
}
