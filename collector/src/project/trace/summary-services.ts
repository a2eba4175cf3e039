import type { TraceSummary } from '../../api/contract/index.js';

/** Services of a trace that its summary names. */
const MAX_SERVICES = 20;

/** Services of a trace in their order, as its summary says them: the first, and how many there are when some are left out. */
export function summaryServices(services: TraceSummary['services']): Pick<TraceSummary, 'services' | 'services_total'> {
  if (services.length <= MAX_SERVICES) return { services };
  return { services: services.slice(0, MAX_SERVICES), services_total: services.length };
}
