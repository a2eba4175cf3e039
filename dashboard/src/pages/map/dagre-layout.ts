import { Graph, layout } from '@dagrejs/dagre';
import type { MapEdge, MapNode } from '@orrery/collector/api';
import { layeredLayout, nodeHeight, nodeWidth, type Placed } from './map-layout.js';

/** dagre draws small maps better; above this it takes seconds. */
const dagreLimit = 36;

/** Shape of the drawing area on a usual screen: of the two directions, the one that fills it better is taken. */
const areaShape = 1.75;

export interface Layout {
  places: Map<string, Placed>;
  direction: 'LR' | 'TB';
}

/** Places of all nodes; only ids and topology count, so that figures never move anything. */
export function layoutOf(nodes: readonly MapNode[], edges: readonly MapEdge[]): Layout {
  if (nodes.length > dagreLimit) return { places: layeredLayout(nodes, edges), direction: 'LR' };
  const across = dagreLayout(nodes, edges, 'LR');
  const down = dagreLayout(nodes, edges, 'TB');
  return fit(across.places) >= fit(down.places) ? across : down;
}

/** How large the drawing can be shown, up to a factor. */
function fit(places: ReadonlyMap<string, Placed>): number {
  let width = nodeWidth;
  let height = nodeHeight;
  for (const { x, y } of places.values()) {
    width = Math.max(width, x + nodeWidth);
    height = Math.max(height, y + nodeHeight);
  }
  return Math.min(areaShape / width, 1 / height);
}

function dagreLayout(nodes: readonly MapNode[], edges: readonly MapEdge[], direction: 'LR' | 'TB'): Layout {
  const graph = new Graph();
  const across = direction === 'LR';
  // Room for an edge's label: beside the nodes it is as wide as its text, above them only one line high.
  graph.setGraph({ rankdir: direction, ranksep: across ? 150 : 84, nodesep: across ? 34 : 44, edgesep: 16 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const node of [...nodes].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    graph.setNode(node.id, { width: nodeWidth, height: nodeHeight });
  }
  for (const edge of [...edges].sort((a, b) => (a.id < b.id ? -1 : 1))) graph.setEdge(edge.source, edge.target);
  layout(graph);
  const places = new Map<string, Placed>();
  for (const node of nodes) {
    const at = graph.node(node.id);
    places.set(node.id, { x: (at.x ?? 0) - nodeWidth / 2, y: (at.y ?? 0) - nodeHeight / 2 });
  }
  return { places, direction };
}
