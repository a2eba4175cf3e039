import type { TraceSummary } from '@orrery/collector/api';
import { type PointerEvent, useState } from 'react';
import { ChartTable } from '../../chart/ChartTable.js';
import { useDrawing } from '../../chart/use-drawing.js';
import { useWidth } from '../../chart/use-width.js';
import { durationText } from '../../time/duration-text.js';
import { instantText } from '../../time/instant-text.js';
import styles from './DurationScatter.module.css';
import { type Dot, dotsOf, durationAt, durationScale, nearestDot, timeAt } from './scatter-dots.js';

const height = 84;
const left = 44;

export interface Box {
  fromMs: number;
  toMs: number;
  minMs: number;
  maxMs: number;
}

/** Duration over time, logarithmic. A click opens the nearest dot; a box narrows time and duration. */
export function DurationScatter({
  traces,
  fromMs,
  toMs,
  onOpen,
  onBox,
}: {
  traces: readonly TraceSummary[];
  fromMs: number;
  toMs: number;
  onOpen: (trace: TraceSummary) => void;
  onBox: (box: Box) => void;
}) {
  const [ref, width] = useWidth<HTMLDivElement>();
  const [hovered, setHovered] = useState<Dot | null>(null);
  const [drag, setDrag] = useState<{ x0: number; y0: number; x1: number; y1: number } | null>(null);
  const area = { left, width: Math.max(10, width - left - 4), height: height - 4, fromMs, toMs };
  const scale = durationScale(traces);
  const dots = dotsOf(traces, area, scale);
  const canvas = useDrawing(width, height, (context, css) => {
    for (const dot of dots) {
      const bad = dot.trace.errors > 0;
      context.fillStyle = css.getPropertyValue(bad ? '--bad-fill' : '--hue-9');
      context.globalAlpha = bad ? 0.95 : 0.65;
      context.beginPath();
      // Trouble has another shape, not only another colour.
      if (bad) context.rect(dot.x - 3, dot.y - 3, 6, 6);
      else context.arc(dot.x, dot.y, 3, 0, 7);
      context.fill();
    }
  });
  const at = (event: PointerEvent<Element>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const finish = () => {
    if (!drag) return;
    setDrag(null);
    if (Math.abs(drag.x1 - drag.x0) < 5 && Math.abs(drag.y1 - drag.y0) < 5) {
      const near = nearestDot(dots, drag.x0, drag.y0, 14);
      if (near) onOpen(near.trace);
      return;
    }
    const [x0, x1] = [Math.min(drag.x0, drag.x1), Math.max(drag.x0, drag.x1)];
    const [y0, y1] = [Math.min(drag.y0, drag.y1), Math.max(drag.y0, drag.y1)];
    onBox({
      fromMs: timeAt(x0, area),
      toMs: timeAt(x1, area),
      minMs: durationAt(y1, area, scale),
      maxMs: durationAt(y0, area, scale),
    });
  };
  return (
    <div ref={ref} className={styles.scatter} style={{ height }}>
      <span className={styles.top}>{durationText(scale.max)}</span>
      <span className={styles.bottom}>{durationText(scale.min)}</span>
      <canvas
        ref={canvas}
        style={{ width: '100%', height }}
        role="img"
        aria-label={`Duration of ${traces.length} traces over time`}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          const { x, y } = at(event);
          setDrag({ x0: x, y0: y, x1: x, y1: y });
        }}
        onPointerMove={(event) => {
          const { x, y } = at(event);
          if (drag) setDrag({ ...drag, x1: x, y1: y });
          setHovered(nearestDot(dots, x, y, 14));
        }}
        onPointerUp={finish}
        onPointerLeave={() => setHovered(null)}
      />
      {drag && (
        <div
          className={styles.box}
          style={{
            left: Math.min(drag.x0, drag.x1),
            top: Math.min(drag.y0, drag.y1),
            width: Math.abs(drag.x1 - drag.x0),
            height: Math.abs(drag.y1 - drag.y0),
          }}
        />
      )}
      {hovered && !drag && (
        <div
          className={styles.tip}
          style={hovered.x > width / 2 ? { right: width - hovered.x + 8 } : { left: hovered.x + 8 }}
        >
          <strong>{hovered.trace.root_name}</strong>
          <span>
            {durationText(hovered.trace.duration_ms)} · {instantText(hovered.ms)}
            {hovered.trace.errors > 0 ? ` · ${hovered.trace.errors} errors` : ''}
          </span>
        </div>
      )}
      <ChartTable
        label="Duration of traces over time"
        columns={['Duration']}
        rows={dots.map((dot) => ({ at: dot.ms, cells: [durationText(dot.trace.duration_ms)] }))}
      />
    </div>
  );
}
