import { expect, it } from 'vitest';
import type { ServiceList, ServiceMap } from '../contract/index.js';
import { cappedMap, cappedServices } from './cap-answers.js';

const range = { from_ms: 0, to_ms: 1 };

it('lists the first thousand services of ten thousand, and says how many there are', () => {
  const services = Array.from({ length: 10_000 }, (_, n) => ({ service: `s${n}` })) as ServiceList['services'];
  const list: ServiceList = { range, services, truncated: false, sampled: false };
  const capped = cappedServices(list);
  expect(capped).toMatchObject({ truncated: true, total: 10_000 });
  expect(capped.services).toEqual(services.slice(0, 1000));
  const few = { ...list, services: services.slice(0, 1000) };
  expect(cappedServices(few)).toBe(few);
});

it('draws the busiest nodes of a map that is too large, and only edges between them', () => {
  const nodes = Array.from({ length: 1000 }, (_, n) => ({ id: `service:${n}`, requests: n })) as ServiceMap['nodes'];
  const edges = Array.from({ length: 999 }, (_, n) => ({
    id: String(n),
    source: `service:${n}`,
    target: `service:${n + 1}`,
  })) as ServiceMap['edges'];
  const capped = cappedMap({ range, nodes, edges, unpaired: 0, truncated: false, sampled: false });
  expect(capped).toMatchObject({ truncated: true, total: 1000 });
  expect(capped.nodes).toHaveLength(300);
  expect(capped.nodes.every(({ requests }) => requests >= 700)).toBe(true);
  expect(capped.edges.map(({ source }) => source)).toEqual(edges.slice(700).map(({ source }) => source));
});
