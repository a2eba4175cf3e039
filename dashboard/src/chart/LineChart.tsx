import { useMemo, useState } from 'react';
import {
  Area,
  CartesianGrid,
  ComposedChart,
  Line,
  ReferenceArea,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { instantText, ticksOf, tickText } from '../time/instant-text.js';
import { ChartTable } from './ChartTable.js';
import styles from './LineChart.module.css';

export interface ChartSeries {
  name: string;
  color: string;
  values: readonly (number | null)[];
  area?: boolean;
}

/** A few series of at most a few hundred points; dragging zooms the page. `syncId` shares the hovered instant. */
export function LineChart({
  t0,
  step,
  series,
  format,
  height = 150,
  label,
  onZoom,
  syncId,
}: {
  t0: number;
  step: number;
  series: readonly ChartSeries[];
  format: (value: number) => string;
  height?: number;
  label: string;
  onZoom?: (fromMs: number, toMs: number) => void;
  syncId?: string;
}) {
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null);
  const count = Math.max(0, ...series.map((line) => line.values.length));
  const data = useMemo(
    () =>
      Array.from({ length: count }, (_, i) => {
        const point: Record<string, number | null> = { at: t0 + i * step };
        series.forEach((line, s) => {
          point[`s${s}`] = line.values[i] ?? null;
        });
        return point;
      }),
    [series, count, t0, step],
  );
  const end = t0 + Math.max(1, count) * step;
  const { at, stepMs } = ticksOf(t0, end, 7);
  const finish = () => {
    if (drag && onZoom && drag.from !== drag.to)
      onZoom(Math.min(drag.from, drag.to), Math.max(drag.from, drag.to) + step);
    setDrag(null);
  };
  return (
    <div className={styles.chart} role="img" aria-label={label}>
      <div aria-hidden="true">
        <ResponsiveContainer width="100%" height={height}>
          <ComposedChart
            data={data}
            margin={{ top: 6, right: 8, bottom: 0, left: 0 }}
            accessibilityLayer={false}
            {...(syncId ? { syncId } : {})}
            onMouseDown={(event) =>
              event.activeLabel !== undefined &&
              setDrag({ from: Number(event.activeLabel), to: Number(event.activeLabel) })
            }
            onMouseMove={(event) =>
              drag && event.activeLabel !== undefined && setDrag({ from: drag.from, to: Number(event.activeLabel) })
            }
            onMouseUp={finish}
            onMouseLeave={() => setDrag(null)}
          >
            <CartesianGrid vertical={false} stroke="var(--line)" strokeDasharray="2 3" />
            <XAxis
              dataKey="at"
              type="number"
              scale="time"
              domain={[t0, end - step]}
              ticks={at}
              tickFormatter={(ms: number) => tickText(ms, stepMs)}
              stroke="var(--line-strong)"
              tick={{ fontSize: 11, fill: 'var(--text-3)' }}
              tickLine={false}
              height={20}
            />
            <YAxis
              tickFormatter={format}
              width={64}
              tickCount={4}
              axisLine={false}
              tickLine={false}
              tick={{ fontSize: 11, fill: 'var(--text-3)' }}
            />
            <Tooltip
              isAnimationActive={false}
              cursor={{ stroke: 'var(--text-3)' }}
              contentStyle={{
                background: 'var(--surface)',
                border: '1px solid var(--line-strong)',
                borderRadius: 6,
                fontSize: 12,
                padding: '4px 10px',
                boxShadow: 'var(--float)',
              }}
              labelStyle={{ color: 'var(--text)' }}
              itemStyle={{ color: 'var(--text-2)', padding: 0 }}
              labelFormatter={(ms) => instantText(Number(ms))}
              formatter={(value) => format(Number(value))}
            />
            {series.map((line, s) =>
              line.area ? (
                <Area
                  key={line.name}
                  dataKey={`s${s}`}
                  name={line.name}
                  stroke={line.color}
                  fill={line.color}
                  fillOpacity={0.16}
                  strokeWidth={1.4}
                  dot={false}
                  isAnimationActive={false}
                />
              ) : (
                <Line
                  key={line.name}
                  dataKey={`s${s}`}
                  name={line.name}
                  stroke={line.color}
                  strokeWidth={1.4}
                  dot={false}
                  isAnimationActive={false}
                />
              ),
            )}
            {drag && drag.from !== drag.to && (
              <ReferenceArea x1={drag.from} x2={drag.to} fill="var(--accent)" fillOpacity={0.16} />
            )}
          </ComposedChart>
        </ResponsiveContainer>
      </div>
      <ul className={styles.legend} aria-hidden="true">
        {series.map((line) => (
          <li key={line.name}>
            <i style={{ background: line.color }} />
            {line.name}
          </li>
        ))}
      </ul>
      <ChartTable
        label={label}
        columns={series.map((line) => line.name)}
        rows={data.map((point, i) => ({
          at: Number(point.at),
          cells: series.map((line) =>
            line.values[i] === null || line.values[i] === undefined ? '–' : format(line.values[i] ?? 0),
          ),
        }))}
      />
    </div>
  );
}
