import { useState } from 'react';
import { clockText, instantText, ticksOf, tickText } from '../time/instant-text.js';
import { figureText } from '../ui/figure-text.js';
import { ChartTable } from './ChartTable.js';
import { niceTop } from './nice-top.js';
import styles from './TimeBars.module.css';
import { useBrush } from './use-brush.js';
import { useWidth } from './use-width.js';

export interface BarLayer {
  name: string;
  /** A CSS colour. */
  color: string;
  values: readonly number[];
}

/** Counts over time, stacked; dragging zooms the page. Later layers stand on earlier ones. */
export function TimeBars({
  t0,
  step,
  layers,
  fromMs,
  toMs,
  height = 84,
  label,
  onZoom,
}: {
  t0: number;
  step: number;
  layers: readonly BarLayer[];
  fromMs: number;
  toMs: number;
  height?: number;
  label: string;
  onZoom?: (fromMs: number, toMs: number) => void;
}) {
  const [ref, width] = useWidth<HTMLDivElement>();
  const [hovered, setHovered] = useState<number | null>(null);
  const span = Math.max(1, toMs - fromMs);
  const x = (ms: number) => ((ms - fromMs) / span) * width;
  const { brush, handlers } = useBrush((a, b) => onZoom?.(fromMs + (a / width) * span, fromMs + (b / width) * span));
  const count = Math.max(0, ...layers.map((layer) => layer.values.length));
  const totals = Array.from({ length: count }, (_, i) =>
    layers.reduce((sum, layer) => sum + (layer.values[i] ?? 0), 0),
  );
  const top = niceTop(Math.max(1, ...totals));
  const plot = height - 18;
  const left = (i: number) => Math.max(0, x(t0 + i * step));
  const right = (i: number) => Math.min(width, x(t0 + (i + 1) * step));
  const bar = (i: number) => Math.max(1, right(i) - left(i) - 1);
  const { at, stepMs } = ticksOf(fromMs, toMs, Math.max(2, Math.floor(width / 90)));
  return (
    <div ref={ref} className={styles.chart} style={{ height }}>
      {width > 0 && (
        // biome-ignore lint/a11y/noStaticElementInteractions: brushing has its keyboard way in the time picker
        <svg
          width={width}
          height={height}
          role="img"
          aria-label={label}
          className={onZoom ? styles.brushable : undefined}
          {...handlers}
          onPointerMove={(event) => {
            handlers.onPointerMove(event);
            const px = event.clientX - event.currentTarget.getBoundingClientRect().left;
            const index = Math.floor((fromMs + (px / width) * span - t0) / step);
            setHovered(index >= 0 && index < count ? index : null);
          }}
          onPointerLeave={() => setHovered(null)}
        >
          <line className={styles.grid} x1={0} x2={width} y1={0.5} y2={0.5} />
          <line className={styles.grid} x1={0} x2={width} y1={plot / 2} y2={plot / 2} />
          {totals.map((_, i) => {
            let base = plot;
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: the place in time is the identity
              <g key={i}>
                {layers.map((layer) => {
                  const value = layer.values[i] ?? 0;
                  if (value === 0) return null;
                  const size = Math.max(1.5, (value / top) * (plot - 2));
                  base -= size;
                  return <rect key={layer.name} x={left(i)} y={base} width={bar(i)} height={size} fill={layer.color} />;
                })}
              </g>
            );
          })}
          <line className={styles.axis} x1={0} x2={width} y1={plot + 0.5} y2={plot + 0.5} />
          {at.map((tick) => (
            <text key={tick} className={styles.tick} x={x(tick)} y={height - 4} textAnchor="middle">
              {tickText(tick, stepMs)}
            </text>
          ))}
          <text className={styles.tick} x={2} y={11}>
            {figureText(top)}
          </text>
          {hovered !== null && (
            <rect className={styles.hover} x={left(hovered)} y={0} width={bar(hovered) + 1} height={plot} />
          )}
          {brush && (
            <rect
              className={styles.brush}
              x={Math.min(brush.from, brush.to)}
              width={Math.abs(brush.to - brush.from)}
              y={0}
              height={plot}
            />
          )}
        </svg>
      )}
      {hovered !== null && (
        <div
          className={styles.tip}
          style={
            x(t0 + hovered * step) > width / 2
              ? { right: width - x(t0 + hovered * step) + 8 }
              : { left: x(t0 + (hovered + 1) * step) + 8 }
          }
        >
          <strong>
            {instantText(t0 + hovered * step)} – {clockText(t0 + (hovered + 1) * step)}
          </strong>
          {layers.map((layer) =>
            (layer.values[hovered] ?? 0) > 0 ? (
              <span key={layer.name}>
                <i style={{ background: layer.color }} />
                {layer.name}
                <b>{figureText(layer.values[hovered])}</b>
              </span>
            ) : null,
          )}
          {totals[hovered] === 0 && <span>nothing</span>}
        </div>
      )}
      <ChartTable
        label={label}
        columns={layers.map((layer) => layer.name)}
        rows={totals.map((_, i) => ({ at: t0 + i * step, cells: layers.map((layer) => figureText(layer.values[i])) }))}
      />
    </div>
  );
}
