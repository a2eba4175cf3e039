import type { ServiceList, ServiceMap } from '../contract/index.js';

/** Services that are listed: the worst, which come first. More would be megabytes, and nobody reads on. */
const MOST_SERVICES = 1000;
/** Nodes that are drawn: those with most requests, and what stands between them. */
const MOST_NODES = 300;

/** Whoever sends ten thousand names of services hurts nobody: the answer stays small, and says that it is cut. */
export function cappedServices(list: ServiceList): ServiceList {
  if (list.services.length <= MOST_SERVICES) return list;
  return {
    ...list,
    services: list.services.slice(0, MOST_SERVICES),
    total: list.services.length,
    truncated: true,
  };
}

export function cappedMap(map: ServiceMap): ServiceMap {
  if (map.nodes.length <= MOST_NODES) return map;
  const nodes = map.nodes.toSorted((a, b) => b.requests - a.requests).slice(0, MOST_NODES);
  const drawn = new Set(nodes.map(({ id }) => id));
  const edges = map.edges.filter(({ source, target }) => drawn.has(source) && drawn.has(target));
  return { ...map, nodes, edges, total: map.nodes.length, truncated: true };
}
