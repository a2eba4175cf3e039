import type { Breaker, EdgeKind, MapEdge, MapNode } from '../../api/contract/index.js';
import { mergeBuckets, quantilesMs } from '../duration-buckets.js';
import type { EdgeDelta } from '../projection.js';

/** Everything that stands for a caller who sends no spans of its own. */
export const OUTSIDE = 'caller:outside';

/** Which service answers at an address, learnt from sample calls: key of {@link addressKey}. */
export type Resolutions = ReadonlyMap<string, string>;

/** Edges that only a client told, and whose target is an address: these want a resolution by sample. */
export function unresolvedAddresses(edges: EdgeDelta[]): EdgeDelta[] {
  return edges.filter((edge) => edge.side === 'client' && edge.target.startsWith('external:'));
}

export function addressKey(edge: Pick<EdgeDelta, 'source' | 'target'>): string {
  return `${edge.source} ${edge.target}`;
}

/**
 * Edges of the map from deltas merged over a range. Where both sides told of the same calls the client's figures are
 * taken: it alone knows of calls that never arrived.
 * @param seconds length of the range
 */
export function foldEdges(deltas: EdgeDelta[], resolutions: Resolutions, seconds: number): MapEdge[] {
  const sides = new Map<string, Record<EdgeDelta['side'], EdgeDelta[]>>();
  for (const delta of deltas) {
    const service = resolutions.get(addressKey(delta));
    const resolved: EdgeDelta = service ? { ...delta, target: `service:${service}`, kind: 'sync' } : delta;
    const id = `${resolved.source}→${resolved.target}→${resolved.kind}`;
    const both = sides.get(id) ?? { client: [], server: [] };
    both[resolved.side].push(resolved);
    sides.set(id, both);
  }
  // In an order of their own: a picture that is drawn again stays as it was.
  return [...sides]
    .map(([id, { client, server }]) => answer(id, mergedEdge(client.length > 0 ? client : server), seconds))
    .sort((a, b) => byText(a.id, b.id));
}

/** At least one edge as one, which may be the first itself. */
function mergedEdge([first, ...others]: readonly EdgeDelta[]): EdgeDelta {
  if (others.length === 0) return first as EdgeDelta;
  return others.reduce(mergeEdge, copyEdge(first as EdgeDelta));
}

function copyEdge(delta: EdgeDelta): EdgeDelta {
  return { ...delta, failures: { ...delta.failures }, durations: new Map(delta.durations) };
}

/** Adds `from` to `into`, which the caller owns. */
export function mergeEdge(into: EdgeDelta, from: EdgeDelta): EdgeDelta {
  into.count += from.count;
  into.errors += from.errors;
  for (const [kind, count] of Object.entries(from.failures)) {
    const known = kind as keyof EdgeDelta['failures'];
    into.failures[known] = (into.failures[known] ?? 0) + count;
  }
  mergeBuckets(into.durations, from.durations);
  return into;
}

function answer(id: string, edge: EdgeDelta, seconds: number): MapEdge {
  const [p50, p95, p99] = quantilesMs(edge.durations, [0.5, 0.95, 0.99]);
  const red = { requests: edge.count, rate: edge.count / seconds, errors: edge.errors };
  return {
    id,
    source: edge.source,
    target: edge.target,
    kind: edge.kind as EdgeKind,
    ...red,
    error_ratio: edge.count > 0 ? edge.errors / edge.count : null,
    p50_ms: p50,
    p95_ms: p95,
    p99_ms: p99,
    failures: { ...edge.failures } as Record<string, number>,
    breakers: [],
  };
}

/**
 * Nodes that are not services (their figures come from the edges that lead to them), and services that only edges
 * know. `known` are the service nodes that RED figures exist for.
 */
export function foldNodes(known: MapNode[], edges: MapEdge[], deltas: EdgeDelta[]): MapNode[] {
  const nodes = new Map(known.map((node) => [node.id, node]));
  const systems = new Map(
    deltas.map((delta) => [
      delta.kind === 'async' && delta.source.startsWith('topic:') ? delta.source : delta.target,
      delta.system,
    ]),
  );
  for (const edge of edges) {
    for (const id of [edge.source, edge.target]) {
      if (nodes.has(id)) continue;
      const into = edges.filter((other) => other.target === id);
      const requests = into.reduce((sum, other) => sum + other.requests, 0);
      const errors = into.reduce((sum, other) => sum + other.errors, 0);
      nodes.set(id, {
        id,
        kind: nodeKind(id),
        name: id.slice(id.indexOf(':') + 1),
        system: systems.get(id) ?? '',
        language: '',
        environments: [],
        requests,
        rate: into.reduce((sum, other) => sum + other.rate, 0),
        errors,
        error_ratio: requests > 0 ? errors / requests : null,
        // Quantiles do not add up; with one caller the edge's are the node's.
        p50_ms: into.length === 1 ? (into[0]?.p50_ms ?? null) : null,
        p95_ms: into.length === 1 ? (into[0]?.p95_ms ?? null) : null,
        p99_ms: into.length === 1 ? (into[0]?.p99_ms ?? null) : null,
      });
    }
  }
  return [...nodes.values()].sort((a, b) => byText(a.id, b.id));
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function nodeKind(id: string): MapNode['kind'] {
  const kind = id.slice(0, id.indexOf(':'));
  return kind === 'service' || kind === 'database' || kind === 'topic' || kind === 'caller' ? kind : 'external';
}

/**
 * Puts each breaker on the edge it guards: from its service to what it protects. A breaker that does not say what it
 * protects stays on its service alone; nothing is guessed.
 */
export function attachBreakers(edges: MapEdge[], breakers: Breaker[], resolutions: Resolutions): void {
  for (const breaker of breakers) {
    if (breaker.target === '') continue;
    const source = `service:${breaker.service}`;
    const service = resolutions.get(addressKey({ source, target: `external:${breaker.target}` }));
    const targets = [
      `external:${breaker.target}`,
      `service:${service ?? breaker.target}`,
      `database:${breaker.target}`,
    ];
    for (const edge of edges) {
      if (edge.source !== source || !targets.includes(edge.target)) continue;
      edge.breakers.push({ id: breaker.id, name: breaker.name, state: breaker.state });
    }
  }
}
