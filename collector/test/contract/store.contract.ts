import { describe } from 'vitest';
import { describeAggregates } from './store-aggregates.js';
import { describeFilters } from './store-filters.js';
import { describeLateData } from './store-late.js';
import { describeMetrics } from './store-metrics.js';
import { describeReplay } from './store-replay.js';
import { describeSagaCaps } from './store-saga-caps.js';
import { describeSagasAndBreakers } from './store-sagas.js';
import { describeServices } from './store-services.js';
import { describeTraces } from './store-traces.js';
import type { OpenStore } from './store-under-test.js';
import { describeWriting } from './store-writing.js';

/** What store.ts promises, on a real store. Every store passes all of it. */
export function describeStore(name: string, open: OpenStore): void {
  describe(`the ${name} store`, () => {
    describeWriting(open);
    describeReplay(open);
    describeServices(open);
    describeTraces(open);
    describeFilters(open);
    describeAggregates(open);
    describeMetrics(open);
    describeSagasAndBreakers(open);
    describeSagaCaps(open);
    describeLateData(open);
  });
}
