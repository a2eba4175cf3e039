import { niceTop } from '../../../chart/nice-top.js';

/** Four to eight round offsets within a window of milliseconds. */
export function rulerTicks(from: number, to: number): number[] {
  const span = to - from;
  if (!(span > 0)) return [];
  const step = niceTop(span / 7);
  const ticks: number[] = [];
  for (let tick = Math.ceil(from / step) * step; tick < to && ticks.length < 20; tick += step) ticks.push(tick);
  return ticks;
}
