import { expect, it } from 'vitest';
import { summaryServices } from './summary-services.js';

const services = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ service: `berth-${at}`, spans: 1, errors: 0 }));

it('names the first services of a trace, and says how many there are when some are left out', () => {
  expect(summaryServices(services(20))).toEqual({ services: services(20) });
  expect(summaryServices(services(25))).toEqual({ services: services(20), services_total: 25 });
});
