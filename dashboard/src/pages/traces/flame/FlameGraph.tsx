import type { Trace } from '@orrery/collector/api';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { type Draw, useDrawing } from '../../../chart/use-drawing.js';
import { useWidth } from '../../../chart/use-width.js';
import { durationText } from '../../../time/duration-text.js';
import { countText } from '../../../ui/figure-text.js';
import { hueIndex } from '../../../ui/hue.js';
import type { TraceTree } from '../waterfall/trace-tree.js';
import { drawFlame, LANE_PX, STRIP_ROOM_PX } from './draw-flame.js';
import styles from './FlameGraph.module.css';
import { spanAt } from './flame-hit.js';
import type { FlameLanes } from './flame-lanes.js';

/** A thin span may be missed by so many pixels. */
const SLACK_PX = 2;

/**
 * Time to the right, what was called downwards; what ran at the same time has a lane each. One canvas as high as the
 * window draws the lanes that are scrolled to, however many there are. A click selects, a double click zooms to a span.
 */
export function FlameGraph({
  trace,
  tree,
  lanes,
  view,
  onView,
  selected,
  onSelect,
}: {
  trace: Trace;
  tree: TraceTree;
  lanes: FlameLanes;
  view: { from: number; to: number };
  onView: (view: { from: number; to: number } | null) => void;
  selected: number;
  onSelect: (row: number) => void;
}) {
  const [ref, width] = useWidth<HTMLDivElement>();
  const scroller = useRef<HTMLDivElement>(null);
  const [room, setRoom] = useState(0);
  const [top, setTop] = useState(0);
  const [hovered, setHovered] = useState(-1);
  const all = lanes.count * LANE_PX;
  const height = Math.min(all, room);
  const across = Math.max(0, all > room ? width - STRIP_ROOM_PX : width);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const measure = () => setRoom(element.clientHeight);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  // What the keyboard or a link selects may be in a lane that is out of sight.
  useEffect(() => {
    const element = scroller.current;
    if (!element || selected < 0 || room === 0) return;
    const y = (lanes.lane[selected] ?? 0) * LANE_PX;
    if (y < element.scrollTop || y + LANE_PX > element.scrollTop + room) element.scrollTop = y - room / 3;
  }, [lanes, selected, room]);

  const draw = useCallback<Draw>(
    (context, css) => {
      const [ink = '', bad = '', accent = ''] = ['--surface', '--bad-fill', '--text'].map((name) =>
        css.getPropertyValue(name),
      );
      const hues = trace.services.map((service) => css.getPropertyValue(`--hue-${hueIndex(service)}`));
      context.font = `12px ${css.fontFamily}`;
      context.textBaseline = 'middle';
      drawFlame(
        context,
        { trace, lanes, selected },
        { width: across, height, top, ...view },
        { hues, ink, bad, accent },
      );
    },
    // biome-ignore lint/correctness/useExhaustiveDependencies: the view is another object at each rendering
    [trace, lanes, view.from, view.to, across, height, top, selected],
  );
  const canvas = useDrawing(width, height, draw);
  const perPixel = (view.to - view.from) / Math.max(1, across);
  const rowAt = (event: React.MouseEvent<HTMLCanvasElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const lane = Math.floor((event.clientY - box.top + top) / LANE_PX);
    return spanAt(trace, lanes, lane, view.from + (event.clientX - box.left) * perPixel, SLACK_PX * perPixel);
  };
  const zoomTo = (row: number) => {
    const from = trace.columns.start_ms[row] ?? 0;
    onView(row < 0 ? null : { from, to: from + Math.max(0.001, trace.columns.duration_ms[row] ?? 0) });
  };
  return (
    <div className={styles.flame}>
      <p className={styles.hint}>{hovered >= 0 ? sentenceOf(trace, tree, hovered) : summaryOf(trace, lanes)}</p>
      <div
        ref={scroller}
        className={styles.scroller}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        tabIndex={0}
        role="region"
        aria-label="Flame graph"
        onScroll={(event) => setTop(event.currentTarget.scrollTop)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || selected < 0) return;
          event.preventDefault();
          zoomTo(selected);
        }}
      >
        <div ref={ref} style={{ height: all }}>
          <canvas
            ref={canvas}
            className={styles.canvas}
            style={{ height }}
            role="img"
            aria-label={`Flame graph of ${tree.size} spans in ${lanes.count} lanes; the same spans are listed in the waterfall`}
            onMouseMove={(event) => setHovered(rowAt(event))}
            onMouseLeave={() => setHovered(-1)}
            onClick={(event) => onSelect(rowAt(event))}
            onDoubleClick={(event) => zoomTo(rowAt(event))}
          />
        </div>
      </div>
    </div>
  );
}

function sentenceOf(trace: Trace, tree: TraceTree, row: number): string {
  const { service, name, duration_ms, status } = trace.columns;
  const parts = [
    trace.services[service[row] ?? 0],
    trace.names[name[row] ?? 0],
    `${durationText(duration_ms[row])}, itself ${durationText(tree.self[row])}`,
    status[row] === 'error' ? 'error' : '',
  ];
  return parts.filter(Boolean).join(' · ');
}

function summaryOf(trace: Trace, lanes: FlameLanes): string {
  const errors = trace.columns.status.reduce((count, status) => count + (status === 'error' ? 1 : 0), 0);
  return [
    countText(lanes.count, 'lane'),
    errors > 0 ? `${countText(errors, 'error')}: n and p go through them` : '',
    'click to select, double click or Enter to zoom to a span, Esc to zoom out',
  ]
    .filter(Boolean)
    .join(' · ');
}
