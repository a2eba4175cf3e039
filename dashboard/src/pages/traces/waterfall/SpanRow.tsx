import type { LogRow, Trace } from '@orrery/collector/api';
import { ChevronDown, ChevronRight } from 'lucide-react';
import { durationText } from '../../../time/duration-text.js';
import { hueOf } from '../../../ui/hue.js';
import { ToneMark } from '../../../ui/Tone.js';
import { CategoryIcon } from './CategoryIcon.js';
import type { TraceTree } from './trace-tree.js';
import styles from './Waterfall.module.css';

export interface SpanRowProps {
  trace: Trace;
  tree: TraceTree;
  row: number;
  logs: readonly LogRow[];
  view: { from: number; to: number };
  collapsed: ReadonlySet<number>;
  critical: ReadonlySet<number>;
  matches: ReadonlySet<number> | null;
  selected: number;
  onSelect: (row: number) => void;
  onToggle: (row: number) => void;
  transform: string;
}

export function SpanRow({
  trace,
  tree,
  row,
  view,
  collapsed,
  critical,
  matches,
  selected,
  onSelect,
  onToggle,
  transform,
}: SpanRowProps) {
  const { columns } = trace;
  const service = trace.services[columns.service[row] ?? 0] ?? '';
  const name = trace.names[columns.name[row] ?? 0] ?? '';
  const start = columns.start_ms[row] ?? 0;
  const duration = columns.duration_ms[row] ?? 0;
  const kind = columns.kind[row] ?? 'unspecified';
  const failed = columns.status[row] === 'error';
  const below = (tree.subtree[row] ?? 1) - 1;
  const closed = collapsed.has(row);
  const hiddenErrors = closed ? (tree.errors[row] ?? 0) - (failed ? 1 : 0) : 0;
  const span = view.to - view.from;
  const left = ((start - view.from) / span) * 100;
  const width = (duration / span) * 100;
  const labelLeft = left + width > 82;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree's keys are those of the page: j, k, arrows, Enter
    <div
      className={styles.row}
      style={{ transform, '--hue': hueOf(service) } as React.CSSProperties}
      role="treeitem"
      tabIndex={-1}
      aria-level={(tree.depth[row] ?? 0) + 1}
      aria-selected={row === selected}
      aria-expanded={below > 0 ? !closed : undefined}
      data-selected={row === selected || undefined}
      data-faint={(matches && !matches.has(row)) || undefined}
      onClick={() => onSelect(row)}
    >
      <div className={styles.name} style={{ paddingLeft: 8 + Math.min(tree.depth[row] ?? 0, 24) * 14 }}>
        {below > 0 ? (
          <button
            type="button"
            className={styles.toggle}
            tabIndex={-1}
            aria-label={closed ? `Expand ${below} spans` : `Collapse ${below} spans`}
            onClick={(event) => {
              event.stopPropagation();
              onToggle(row);
            }}
          >
            {closed ? <ChevronRight size={14} /> : <ChevronDown size={14} />}
          </button>
        ) : (
          <span className={styles.toggle} />
        )}
        <i className={styles.hue} aria-hidden="true" />
        <CategoryIcon category={trace.categories[columns.category[row] ?? 0] ?? 'internal'} />
        <span className={styles.service}>{service}</span>
        <span className={styles.what} data-bad={failed || undefined}>
          {name}
        </span>
        {closed && <small className={styles.below}>+{below}</small>}
        {hiddenErrors > 0 && (
          <ToneMark tone="bad" shape="cross" quiet>
            {hiddenErrors}
          </ToneMark>
        )}
      </div>
      <div className={styles.time}>
        <div
          className={styles.bar}
          data-async={kind === 'producer' || kind === 'consumer' || undefined}
          data-bad={failed || undefined}
          style={{ left: `${left}%`, width: `max(2px, ${width}%)` }}
        />
        {critical.has(row) && (
          <div className={styles.critical} style={{ left: `${left}%`, width: `max(2px, ${width}%)` }} />
        )}
        {(columns.events[row] ?? 0) > 0 && (
          <div className={styles.event} style={{ left: `${left}%` }} title={`${columns.events[row]} events`} />
        )}
        <span
          className={styles.duration}
          style={labelLeft ? { right: `${100 - left}%`, marginRight: 6 } : { left: `${left + width}%`, marginLeft: 6 }}
        >
          {failed && '✕ '}
          {durationText(duration)}
        </span>
      </div>
    </div>
  );
}
