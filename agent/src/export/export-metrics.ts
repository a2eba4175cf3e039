import type { Meter } from '../record/meter.js';
import type { Scope } from '../record/scope.js';
import { AGENT_VERSION } from '../version.js';
import { type Counters, SIGNALS } from './mailbox.js';

const SCOPE: Scope = { name: '@orrery/agent/export', version: AGENT_VERSION };

/**
 * The agent about itself: records the collector took and records that were dropped, by signal, and how many series an
 * instrument may have, so that the cap stands beside a metric that has reached it.
 */
export function observeExport(meter: Meter, counters: Counters, seriesLimit: number): void {
  const exported = meter.counter(SCOPE, 'orrery.agent.exported', {
    unit: '{record}',
    description: 'Records accepted by the collector.',
  });
  const dropped = meter.counter(SCOPE, 'orrery.agent.dropped', {
    unit: '{record}',
    description: 'Records lost: queue full, refused, or no time left.',
  });
  const limit = meter.gauge(SCOPE, 'orrery.agent.series.limit', {
    unit: '{series}',
    description: 'Series one instrument may have (ORRERY_METRIC_SERIES).',
  });
  meter.observe(() => {
    limit.series({}).set(seriesLimit);
    for (const signal of SIGNALS) {
      exported.series({ signal }).set(counters.sent(signal));
      dropped.series({ signal }).set(counters.dropped(signal));
    }
  });
}
