import type { Instrumentation } from './instrumentation.js';

/** Every instrumentation. The only place that knows them all; the order is the order in which `start` runs. */
export const INSTRUMENTATIONS: readonly Instrumentation[] = [];
