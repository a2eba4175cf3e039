import type { MapEdge } from '@orrery/collector/api';
import { BaseEdge, EdgeLabelRenderer, type EdgeProps, getBezierPath } from '@xyflow/react';
import { durationText } from '../../time/duration-text.js';
import { percentText, rateText } from '../../ui/figure-text.js';
import { Switch } from '../breakers/Switch.js';
import type { FlowEdge } from './flow-parts.js';
import styles from './MapCanvas.module.css';
import { hasTrouble } from './map-focus.js';

type State = Parameters<typeof Switch>[0]['state'];

const dashes: Record<MapEdge['kind'], string | undefined> = {
  sync: undefined,
  external: undefined,
  async: '7 5',
  database: '1.5 5',
};

/** A call, a message or a data access; its figures, and the breaker that guards it. */
export function MapEdgeView({ data, selected, ...at }: EdgeProps<FlowEdge>) {
  const [path, labelX, labelY] = getBezierPath(at);
  if (!data) return null;
  const { edge, faint, near, top, quiet } = data;
  const bad = hasTrouble(edge);
  const width = 1.2 + 3.2 * Math.sqrt(Math.max(0, edge.rate) / top);
  const guarded = edge.breakers.filter((breaker) => breaker.state !== 'closed');
  const switched = guarded[0] ?? edge.breakers[0];
  const labelled = !faint && (!quiet || near || selected || bad);
  return (
    <>
      <BaseEdge
        path={path}
        interactionWidth={14}
        style={{
          stroke: bad ? 'var(--bad-fill)' : selected || near ? 'var(--accent)' : 'var(--faint)',
          strokeWidth: width,
          strokeDasharray: dashes[edge.kind],
          strokeLinecap: edge.kind === 'database' ? 'round' : 'butt',
          opacity: faint ? 0.15 : 1,
        }}
      />
      {labelled && (
        <EdgeLabelRenderer>
          <div
            className={styles.label}
            data-bad={bad || undefined}
            style={{ transform: `translate(-50%, -50%) translate(${labelX}px, ${labelY}px)` }}
          >
            {switched && <Switch state={switched.state as State} size={28} />}
            <span>{rateText(edge.rate)}</span>
            {edge.errors > 0 && <b>{bad ? `▲ ${percentText(edge.error_ratio)}` : percentText(edge.error_ratio)}</b>}
            <span>{durationText(edge.p95_ms)}</span>
          </div>
        </EdgeLabelRenderer>
      )}
    </>
  );
}
