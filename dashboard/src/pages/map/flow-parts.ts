import type { MapEdge, MapNode } from '@orrery/collector/api';
import type { Edge, Node } from '@xyflow/react';

/** What the canvas hands to the view of a node: `faint` when something else is looked at. */
export type FlowNode = Node<{ node: MapNode; faint: boolean; direction: 'LR' | 'TB' }, 'part'>;
/** What the canvas hands to the view of an edge. `top`: the busiest edge's rate, which widths are relative to. */
export type FlowEdge = Edge<{ edge: MapEdge; faint: boolean; near: boolean; top: number; quiet: boolean }, 'call'>;
