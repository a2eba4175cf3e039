import type { Trace } from '@orrery/collector/api';
import { useCallback } from 'react';
import { useBrush } from '../../../chart/use-brush.js';
import { type Draw, useDrawing } from '../../../chart/use-drawing.js';
import { useWidth } from '../../../chart/use-width.js';
import { durationText } from '../../../time/duration-text.js';
import { hueIndex } from '../../../ui/hue.js';
import styles from './Minimap.module.css';
import type { TraceTree } from './trace-tree.js';

const height = 56;

/** The whole trace small; dragging over it zooms the waterfall, a double click shows everything again. */
export function Minimap({
  trace,
  tree,
  total,
  view,
  onView,
}: {
  trace: Trace;
  tree: TraceTree;
  total: number;
  view: { from: number; to: number };
  onView: (view: { from: number; to: number } | null) => void;
}) {
  const [ref, width] = useWidth<HTMLDivElement>();
  const { brush, handlers } = useBrush((a, b) => onView({ from: (a / width) * total, to: (b / width) * total }));
  const draw = useCallback<Draw>(
    (context, css) => {
      const hues = trace.services.map((service) => css.getPropertyValue(`--hue-${hueIndex(service)}`));
      const bad = css.getPropertyValue('--bad-fill');
      const line = Math.max(0.4, Math.min(3, height / Math.max(1, tree.size)));
      for (let at = 0; at < tree.size; at += 1) {
        const row = tree.order[at] as number;
        const failed = trace.columns.status[row] === 'error';
        context.fillStyle = failed ? bad : (hues[trace.columns.service[row] ?? 0] ?? '');
        const x = ((trace.columns.start_ms[row] ?? 0) / total) * width;
        const w = Math.max(failed ? 2 : 1, ((trace.columns.duration_ms[row] ?? 0) / total) * width);
        context.fillRect(x, (at / tree.size) * (height - 4) + 2, w, Math.max(line * 0.8, failed ? 1.5 : 0));
      }
    },
    [trace, tree, total, width],
  );
  const canvas = useDrawing(width, height, draw);
  const left = (view.from / total) * width;
  const right = (view.to / total) * width;
  return (
    <div
      ref={ref}
      className={styles.map}
      style={{ height }}
      {...handlers}
      onDoubleClick={() => onView(null)}
      title="Drag to zoom, double click for everything"
    >
      <canvas
        ref={canvas}
        style={{ width: '100%', height }}
        role="img"
        aria-label={`The whole trace, ${durationText(total)}`}
      />
      {(view.from > 0 || view.to < total) && (
        <>
          <div className={styles.shade} style={{ left: 0, width: left }} />
          <div className={styles.shade} style={{ left: right, right: 0 }} />
        </>
      )}
      {brush && (
        <div
          className={styles.brush}
          style={{ left: Math.min(brush.from, brush.to), width: Math.abs(brush.to - brush.from) }}
        />
      )}
    </div>
  );
}
