import '@xyflow/react/dist/base.css';
import { Controls, ReactFlow, ReactFlowProvider, useReactFlow } from '@xyflow/react';
import { useEffect, useMemo, useState } from 'react';
import { layoutOf } from './dagre-layout.js';
import type { FlowEdge, FlowNode } from './flow-parts.js';
import styles from './MapCanvas.module.css';
import { MapEdgeView } from './MapEdgeView.js';
import { MapNodeView } from './MapNodeView.js';
import type { MapPart } from './map-focus.js';

const nodeTypes = { part: MapNodeView };
const edgeTypes = { call: MapEdgeView };

export interface MapCanvasProps {
  part: MapPart;
  selected: string;
  onSelect: (id: string) => void;
  onFocus: (id: string) => void;
}

/** The drawing. Figures change it in place; only another topology moves anything. */
export function MapCanvas(props: MapCanvasProps) {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  );
}

function Canvas({ part, selected, onSelect, onFocus }: MapCanvasProps) {
  const [hovered, setHovered] = useState('');
  const flow = useReactFlow();
  const topology = `${part.nodes
    .map((node) => node.id)
    .sort()
    .join('\n')}\n\n${part.edges
    .map((edge) => edge.id)
    .sort()
    .join('\n')}`;
  // Keyed by topology alone: the parts themselves change with every refresh.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  const { places, direction } = useMemo(() => layoutOf(part.nodes, part.edges), [topology]);
  useEffect(() => {
    if (topology)
      requestAnimationFrame(
        () =>
          void flow.fitView({ padding: { top: '24px', left: '48px', right: '48px', bottom: '72px' }, maxZoom: 1.15 }),
      );
  }, [topology, flow]);
  // The panel takes a part of the width: what was in view stays in view.
  const panelOpen = selected !== '';
  useEffect(() => {
    const timer = setTimeout(
      () =>
        void flow.fitView({
          padding: { top: '24px', left: '48px', right: '48px', bottom: '72px' },
          maxZoom: 1.15,
          duration: panelOpen ? 200 : 0,
        }),
      60,
    );
    return () => clearTimeout(timer);
  }, [panelOpen, flow]);
  const at = hovered || selected;
  const connected = useMemo(() => neighbourhood(part, at), [part, at]);
  const top = Math.max(0.001, ...part.edges.map((edge) => edge.rate));
  const nodes = part.nodes.map(
    (node): FlowNode => ({
      id: node.id,
      type: 'part',
      position: places.get(node.id) ?? { x: 0, y: 0 },
      data: { node, direction, faint: connected !== null && !connected.has(node.id) },
      selected: node.id === selected,
      draggable: false,
      // Else the pane captures the pointer to pan, and the click never reaches the node.
      className: 'nopan',
      ariaLabel: `${node.kind} ${node.name}`,
    }),
  );
  const edges = part.edges.map(
    (edge): FlowEdge => ({
      id: edge.id,
      type: 'call',
      source: edge.source,
      target: edge.target,
      data: {
        edge,
        top,
        near: connected?.has(edge.id) ?? false,
        faint: connected !== null && !connected.has(edge.id),
        quiet: part.edges.length > 40,
      },
      className: 'nopan',
      selected: edge.id === selected,
      ariaLabel: `${edge.source} to ${edge.target}, ${edge.kind}`,
    }),
  );
  return (
    <div className={styles.canvas}>
      <ReactFlow<FlowNode, FlowEdge>
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        minZoom={0.08}
        maxZoom={2}
        fitView
        nodesConnectable={false}
        nodesDraggable={false}
        onlyRenderVisibleElements={part.nodes.length > 120}
        onNodeClick={(_, node) => onSelect(node.id)}
        onNodeDoubleClick={(_, node) => onFocus(node.id)}
        onEdgeClick={(_, edge) => onSelect(edge.id)}
        onNodeMouseEnter={(_, node) => setHovered(node.id)}
        onNodeMouseLeave={() => setHovered('')}
        onEdgeMouseEnter={(_, edge) => setHovered(edge.id)}
        onEdgeMouseLeave={() => setHovered('')}
        onPaneClick={() => selected && onSelect(selected)}
        onKeyDown={(event) => {
          const element = (event.target as HTMLElement).closest<HTMLElement>('[data-id]');
          if (event.key === 'Enter' && element?.dataset.id) onSelect(element.dataset.id);
        }}
      >
        <Controls showInteractive={false} position="bottom-left" />
      </ReactFlow>
    </div>
  );
}

/** Ids of a thing and all that touches it; null when nothing is pointed at. */
function neighbourhood(part: MapPart, id: string): ReadonlySet<string> | null {
  if (!id) return null;
  const near = new Set([id]);
  let found = part.nodes.some((node) => node.id === id);
  for (const edge of part.edges) {
    if (edge.id === id || edge.source === id || edge.target === id) {
      found = true;
      near.add(edge.id).add(edge.source).add(edge.target);
    }
  }
  return found ? near : null;
}
