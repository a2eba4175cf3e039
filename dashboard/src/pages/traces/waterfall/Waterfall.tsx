import type { LogRow, Trace } from '@orrery/collector/api';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState } from 'react';
import { durationText } from '../../../time/duration-text.js';
import { LogLine } from './LogLine.js';
import { rulerTicks } from './ruler-ticks.js';
import { SpanRow } from './SpanRow.js';
import type { TraceTree } from './trace-tree.js';
import styles from './Waterfall.module.css';

export interface WaterfallProps {
  trace: Trace;
  tree: TraceTree;
  rows: Int32Array;
  logs: readonly LogRow[];
  /** Milliseconds from the start of the trace: the window that is drawn. */
  view: { from: number; to: number };
  collapsed: ReadonlySet<number>;
  critical: ReadonlySet<number>;
  matches: ReadonlySet<number> | null;
  selected: number;
  onSelect: (row: number) => void;
  onToggle: (row: number) => void;
}

/** Spans as bars in time, parents above children; only the rows in view exist. */
export function Waterfall(props: WaterfallProps) {
  const { trace, rows, view } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [names, setNames] = useState(38);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 26,
    overscan: 16,
  });
  const at = rows.indexOf(props.selected);
  const seen = useRef(-1);
  useEffect(() => {
    if (at >= 0 && seen.current !== props.selected) virtual.scrollToIndex(at, { align: 'auto' });
    seen.current = props.selected;
  }, [at, props.selected, virtual]);
  const ticks = rulerTicks(view.from, view.to);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <div
      ref={scroller}
      className={styles.scroller}
      tabIndex={0}
      role="tree"
      aria-label="Spans"
      style={{ '--names': `${names}%` } as React.CSSProperties}
    >
      <div className={styles.ruler} aria-hidden="true">
        <span className={styles.rulerName}>Span</span>
        <div
          className={styles.divider}
          onPointerDown={(event) => {
            const target = event.currentTarget;
            const box = scroller.current?.getBoundingClientRect();
            if (!box) return;
            target.setPointerCapture(event.pointerId);
            const move = (moved: PointerEvent) =>
              setNames(Math.max(15, Math.min(70, ((moved.clientX - box.left) / box.width) * 100)));
            target.addEventListener('pointermove', move);
            target.addEventListener('pointerup', () => target.removeEventListener('pointermove', move), { once: true });
          }}
        />
        <div className={styles.ticks}>
          {ticks.map((tick) => (
            <span key={tick} style={{ left: `${((tick - view.from) / (view.to - view.from)) * 100}%` }}>
              {durationText(tick)}
            </span>
          ))}
        </div>
      </div>
      <div className={styles.space} style={{ height: virtual.getTotalSize() }}>
        <div className={styles.lines} aria-hidden="true">
          {ticks.map((tick) => (
            <i key={tick} style={{ left: `${((tick - view.from) / (view.to - view.from)) * 100}%` }} />
          ))}
        </div>
        {virtual.getVirtualItems().map((item) => {
          const row = rows[item.index] as number;
          const top = `translateY(${item.start}px)`;
          if (row < 0) {
            const log = props.logs[-row - 1];
            return log ? <LogLine key={`l${row}`} log={log} trace={trace} view={view} transform={top} /> : null;
          }
          return <SpanRow key={row} {...props} row={row} transform={top} />;
        })}
      </div>
    </div>
  );
}
