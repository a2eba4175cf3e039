import type { MapNode } from '@orrery/collector/api';
import { Handle, type NodeProps, Position } from '@xyflow/react';
import { Box, Cloud, Database, type LucideIcon, Mails, User } from 'lucide-react';
import { durationText } from '../../time/duration-text.js';
import { percentText, rateText } from '../../ui/figure-text.js';
import { hueOf } from '../../ui/hue.js';
import type { FlowNode } from './flow-parts.js';
import styles from './MapCanvas.module.css';
import { hasTrouble } from './map-focus.js';

const icons: Record<MapNode['kind'], LucideIcon> = {
  service: Box,
  database: Database,
  topic: Mails,
  external: Cloud,
  caller: User,
};

/** A part of the system: what it is, and how it does. */
export function MapNodeView({ data, selected }: NodeProps<FlowNode>) {
  const { node, faint, direction } = data;
  const across = direction === 'LR';
  const Icon = icons[node.kind];
  const bad = hasTrouble(node);
  return (
    <div
      className={styles.node}
      data-kind={node.kind}
      data-bad={bad || undefined}
      data-faint={faint || undefined}
      data-selected={selected || undefined}
      style={{ '--hue': node.kind === 'service' ? hueOf(node.name) : 'var(--text-3)' } as React.CSSProperties}
      title={node.name}
    >
      <Handle
        type="target"
        position={across ? Position.Left : Position.Top}
        className={styles.handle}
        isConnectable={false}
      />
      <Icon size={16} strokeWidth={1.6} className={styles.icon} aria-hidden="true" />
      <div className={styles.words}>
        <span className={styles.name}>{node.name}</span>
        <span className={styles.figures}>
          {node.requests > 0 ? (
            <>
              <span>{rateText(node.rate)}</span>
              {node.errors > 0 && (
                <b data-bad={bad || undefined}>
                  {bad ? '▲ ' : ''}
                  {percentText(node.error_ratio)}
                </b>
              )}
              <span>{durationText(node.p95_ms)}</span>
            </>
          ) : (
            node.system || node.kind
          )}
        </span>
      </div>
      <Handle
        type="source"
        position={across ? Position.Right : Position.Bottom}
        className={styles.handle}
        isConnectable={false}
      />
    </div>
  );
}
