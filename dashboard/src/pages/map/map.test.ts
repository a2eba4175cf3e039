import type { MapEdge, MapNode } from '@orrery/collector/api';
import { expect, test } from 'vitest';
import { mapFindings } from './map-findings.js';
import { troubled, within } from './map-focus.js';
import { layeredLayout } from './map-layout.js';

const node = (id: string, more: Partial<MapNode> = {}): MapNode =>
  ({ id, name: id, kind: 'service', error_ratio: 0, ...more }) as MapNode;
const edge = (source: string, target: string, more: Partial<MapEdge> = {}): MapEdge =>
  ({ id: `${source}>${target}`, source, target, kind: 'sync', breakers: [], error_ratio: 0, ...more }) as MapEdge;

test('puts what is called behind its caller, and a cycle does not hang it', () => {
  const places = layeredLayout([node('c'), node('a'), node('b')], [edge('a', 'b'), edge('b', 'c'), edge('c', 'a')]);
  expect(places.get('a')?.x).toBeLessThan(places.get('b')?.x ?? 0);
  expect(places.size).toBe(3);
});

test('gives the same places whatever order nodes and edges come in', () => {
  const nodes = Array.from({ length: 60 }, (_, i) => node(`n${i}`));
  const edges = nodes.slice(1).map((target, i) => edge(`n${Math.floor(i / 3)}`, target.id));
  const places = layeredLayout(nodes, edges);
  expect([...layeredLayout([...nodes].reverse(), [...edges].reverse())].sort()).toEqual([...places].sort());
});

test('focuses on a node with its neighbours in both directions', () => {
  const map = {
    nodes: ['a', 'b', 'c', 'd'].map((id) => node(id)),
    edges: [edge('a', 'b'), edge('b', 'c'), edge('c', 'd')],
  };
  expect(within(map, 'b', 1).nodes.map((n) => n.id)).toEqual(['a', 'b', 'c']);
});

test('shows trouble with its neighbours, open breakers included', () => {
  const map = {
    nodes: ['a', 'b', 'c', 'd'].map((id) => node(id)),
    edges: [edge('a', 'b', { breakers: [{ id: 'x', name: 'x', state: 'open' }] }), edge('b', 'c'), edge('c', 'd')],
  };
  expect(troubled(map).nodes.map((n) => n.id)).toEqual(['a', 'b', 'c']);
});

test('points out shared databases, circles and long blocking chains', () => {
  const map = {
    nodes: [...'abcde'].map((id) => node(id)).concat(node('db', { kind: 'database' })),
    edges: [
      edge('a', 'b'),
      edge('b', 'c'),
      edge('c', 'd'),
      edge('d', 'e'),
      edge('a', 'db', { kind: 'database' }),
      edge('b', 'db', { kind: 'database' }),
    ],
  };
  expect(mapFindings(map).map((finding) => finding.kind)).toEqual(['shared-database', 'chain']);
  expect(mapFindings({ ...map, edges: [edge('a', 'b'), edge('b', 'a')] })[0]?.kind).toBe('cycle');
});
