import type { MapEdge, MapNode, ServiceMap } from '@orrery/collector/api';

export interface MapPart {
  nodes: MapNode[];
  edges: MapEdge[];
}

/** Whether something is wrong there: 1 % of requests or calls fail, or a breaker is not closed. */
export function hasTrouble(thing: MapNode | MapEdge): boolean {
  if ((thing.error_ratio ?? 0) >= 0.01) return true;
  return (
    'breakers' in thing &&
    thing.breakers.some((breaker) => ['open', 'forced_open', 'half_open'].includes(breaker.state))
  );
}

/** What is within some hops of a node, either way. */
export function within(map: MapPart, id: string, hops: number): MapPart {
  const reached = new Set([id]);
  let edge = new Set([id]);
  for (let hop = 0; hop < hops; hop += 1) {
    const next = new Set<string>();
    for (const { source, target } of map.edges) {
      if (edge.has(source) && !reached.has(target)) next.add(target);
      if (edge.has(target) && !reached.has(source)) next.add(source);
    }
    for (const other of next) reached.add(other);
    edge = next;
  }
  return part(map, reached);
}

/** What is in trouble, with its neighbours: the default view of a large map. */
export function troubled(map: MapPart): MapPart {
  const bad = new Set(map.nodes.filter(hasTrouble).map((node) => node.id));
  for (const edge of map.edges) {
    if (!hasTrouble(edge)) continue;
    bad.add(edge.source);
    bad.add(edge.target);
  }
  const shown = new Set(bad);
  for (const { source, target } of map.edges) {
    if (bad.has(source)) shown.add(target);
    if (bad.has(target)) shown.add(source);
  }
  return part(map, shown);
}

function part(map: MapPart, shown: ReadonlySet<string>): MapPart {
  return {
    nodes: map.nodes.filter((node) => shown.has(node.id)),
    edges: map.edges.filter((edge) => shown.has(edge.source) && shown.has(edge.target)),
  };
}

/** Edges whose both ends are there. A store may name an end that no node describes. */
export function wholePart(map: ServiceMap): MapPart {
  return part(map, new Set(map.nodes.map((node) => node.id)));
}
