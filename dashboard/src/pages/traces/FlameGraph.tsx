import type { Trace } from '@orrery/collector/api';
import { useCallback, useState } from 'react';
import { type Draw, useDrawing } from '../../chart/use-drawing.js';
import { useWidth } from '../../chart/use-width.js';
import { durationText } from '../../time/duration-text.js';
import { hueIndex } from '../../ui/hue.js';
import styles from './FlameGraph.module.css';
import { spanAt } from './flame-hit.js';
import type { TraceTree } from './waterfall/trace-tree.js';

const line = 20;

/** Depth downwards, time to the right, on one canvas. A click selects, a double click zooms to a span. */
export function FlameGraph({
  trace,
  tree,
  view,
  onView,
  selected,
  onSelect,
}: {
  trace: Trace;
  tree: TraceTree;
  view: { from: number; to: number };
  onView: (view: { from: number; to: number } | null) => void;
  selected: number;
  onSelect: (row: number) => void;
}) {
  const [ref, width] = useWidth<HTMLDivElement>();
  const [hovered, setHovered] = useState(-1);
  const height = Math.min(tree.maxDepth + 1, 400) * line + 8;
  const draw = useCallback<Draw>(
    (context, css) => {
      const hues = trace.services.map((service) => css.getPropertyValue(`--hue-${hueIndex(service)}`));
      const [ink, bad, accent] = ['--surface', '--bad-fill', '--text'].map((name) => css.getPropertyValue(name));
      context.font = `12px ${css.fontFamily}`;
      context.textBaseline = 'middle';
      const scale = width / (view.to - view.from);
      for (let at = 0; at < tree.size; at += 1) {
        const row = tree.order[at] as number;
        const x = ((trace.columns.start_ms[row] ?? 0) - view.from) * scale;
        const w = Math.max(0.6, (trace.columns.duration_ms[row] ?? 0) * scale - 0.5);
        if (x + w < 0 || x > width) continue;
        const y = (tree.depth[row] ?? 0) * line;
        context.fillStyle = hues[trace.columns.service[row] ?? 0] ?? '';
        context.fillRect(x, y, w, line - 1);
        if (trace.columns.status[row] === 'error') {
          context.fillStyle = bad ?? '';
          context.fillRect(x, y + line - 4, w, 3);
        }
        if (row === selected) {
          context.strokeStyle = accent ?? '';
          context.lineWidth = 2;
          context.strokeRect(x + 1, y + 1, w - 2, line - 3);
        }
        if (w > 40) {
          context.fillStyle = ink ?? '';
          context.save();
          context.beginPath();
          context.rect(Math.max(0, x), y, w - 4, line);
          context.clip();
          context.fillText(trace.names[trace.columns.name[row] ?? 0] ?? '', Math.max(0, x) + 5, y + line / 2);
          context.restore();
        }
      }
    },
    [trace, tree, view.from, view.to, width, selected],
  );
  const canvas = useDrawing(width, height, draw);
  const rowAt = (event: React.MouseEvent<HTMLCanvasElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const ms = view.from + ((event.clientX - box.left) / width) * (view.to - view.from);
    return spanAt(trace, tree, ms, Math.floor((event.clientY - box.top) / line), ((view.to - view.from) / width) * 2);
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <div className={styles.scroller} tabIndex={0} role="region" aria-label="Flame graph">
      <p className={styles.hint}>
        {hovered >= 0
          ? `${trace.services[trace.columns.service[hovered] ?? 0]} · ${trace.names[trace.columns.name[hovered] ?? 0]} · ${durationText(trace.columns.duration_ms[hovered])}, itself ${durationText(tree.self[hovered])}`
          : 'Click to select, double click to zoom to a span.'}
      </p>
      <div ref={ref}>
        <canvas
          ref={canvas}
          style={{ width: '100%', height, display: 'block', fontFamily: 'var(--font-ui)' }}
          role="img"
          aria-label={`Flame graph of ${tree.size} spans; the same spans are listed in the waterfall`}
          onMouseMove={(event) => setHovered(rowAt(event))}
          onMouseLeave={() => setHovered(-1)}
          onClick={(event) => onSelect(rowAt(event))}
          onDoubleClick={(event) => {
            const row = rowAt(event);
            const from = trace.columns.start_ms[row] ?? 0;
            onView(row < 0 ? null : { from, to: from + (trace.columns.duration_ms[row] ?? 0) });
          }}
        />
      </div>
    </div>
  );
}
