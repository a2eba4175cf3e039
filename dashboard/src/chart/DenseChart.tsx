import 'uplot/dist/uPlot.min.css';
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import { instantText, tickText } from '../time/instant-text.js';
import { ChartTable } from './ChartTable.js';
import styles from './DenseChart.module.css';
import { useWidth } from './use-width.js';

export interface DenseSeries {
  name: string;
  hue: number;
  values: readonly (number | null)[];
}

/** Many or long series on a canvas; dragging zooms the page, gaps stay gaps. */
export function DenseChart({
  t0,
  step,
  series,
  format,
  label,
  height = 260,
  onZoom,
}: {
  t0: number;
  step: number;
  series: readonly DenseSeries[];
  format: (value: number) => string;
  label: string;
  height?: number;
  onZoom: (fromMs: number, toMs: number) => void;
}) {
  const [ref, width] = useWidth<HTMLDivElement>();
  const plot = useRef<uPlot | null>(null);
  const colorScheme = useComputedColorScheme('light');
  const latest = useRef({ format, onZoom });
  latest.current = { format, onZoom };
  const shape = series.map((line) => `${line.name} ${line.hue}`).join('\n');
  const data = dataOf(t0, step, series);
  const latestData = useRef(data);
  latestData.current = data;
  // biome-ignore lint/correctness/useExhaustiveDependencies: rebuilt for another set of series or scheme, else fed in place
  useEffect(() => {
    const element = ref.current;
    if (!element || width === 0) return;
    const css = getComputedStyle(element);
    const color = (name: string) => css.getPropertyValue(name).trim();
    const axis = {
      stroke: color('--text-3'),
      grid: { stroke: color('--line'), width: 1 },
      ticks: { show: false },
      font: `11px ${color('--font-ui')}`,
    };
    const chart = new uPlot(
      {
        width,
        height,
        ms: 1,
        cursor: { drag: { x: true, y: false, setScale: false }, points: { size: 6 } },
        legend: { show: true, live: true },
        axes: [
          { ...axis, values: (_, ticks) => ticks.map((tick) => tickText(tick, (ticks[1] ?? 0) - (ticks[0] ?? 0))) },
          { ...axis, size: 72, values: (_, ticks) => ticks.map((tick) => latest.current.format(tick)) },
        ],
        series: [
          { label: 'time', value: (_: uPlot, ms: number | null) => (ms === null ? '–' : instantText(ms)) },
          ...series.map((line) => ({
            label: line.name,
            stroke: color(`--hue-${line.hue}`),
            width: 1.4,
            points: { show: false },
            value: (_: uPlot, value: number | null) => (value === null ? '–' : latest.current.format(value)),
          })),
        ],
        hooks: {
          setSelect: [
            (self) => {
              if (self.select.width < 4) return;
              latest.current.onZoom(
                self.posToVal(self.select.left, 'x'),
                self.posToVal(self.select.left + self.select.width, 'x'),
              );
              self.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            },
          ],
        },
      },
      latestData.current,
      element,
    );
    plot.current = chart;
    return () => {
      chart.destroy();
      plot.current = null;
    };
  }, [shape, colorScheme, width, height]);
  useEffect(() => plot.current?.setData(data));
  return (
    <div className={styles.dense}>
      <div ref={ref} role="img" aria-label={label} />
      <ChartTable
        label={label}
        columns={series.map((line) => line.name)}
        rows={Array.from(data[0] ?? [], (at, i) => ({
          at,
          cells: series.map((line) => {
            const value = line.values[i];
            return value === null || value === undefined ? '–' : format(value);
          }),
        }))}
      />
    </div>
  );
}

function dataOf(t0: number, step: number, series: readonly DenseSeries[]): uPlot.AlignedData {
  const count = Math.max(0, ...series.map((line) => line.values.length));
  const times = Array.from({ length: count }, (_, i) => t0 + i * step);
  return [times, ...series.map((line) => [...line.values])] as uPlot.AlignedData;
}
