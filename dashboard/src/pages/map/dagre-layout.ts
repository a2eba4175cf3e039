import { Graph, layout } from '@dagrejs/dagre';
import type { MapEdge, MapNode } from '@orrery/collector/api';
import { layeredLayout, nodeHeight, nodeWidth, type Placed } from './map-layout.js';

/** dagre draws small maps better; above this it takes seconds. */
const dagreLimit = 36;

/** Places of all nodes; only ids and topology count, so that figures never move anything. */
export function placesOf(nodes: readonly MapNode[], edges: readonly MapEdge[]): Map<string, Placed> {
  if (nodes.length > dagreLimit) return layeredLayout(nodes, edges);
  const graph = new Graph();
  graph.setGraph({ rankdir: 'LR', ranksep: 165, nodesep: 26, edgesep: 12 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const node of [...nodes].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    graph.setNode(node.id, { width: nodeWidth, height: nodeHeight });
  }
  for (const edge of [...edges].sort((a, b) => (a.id < b.id ? -1 : 1))) graph.setEdge(edge.source, edge.target);
  layout(graph);
  return new Map(
    nodes.map((node) => {
      const at = graph.node(node.id);
      return [node.id, { x: (at.x ?? 0) - nodeWidth / 2, y: (at.y ?? 0) - nodeHeight / 2 }];
    }),
  );
}
