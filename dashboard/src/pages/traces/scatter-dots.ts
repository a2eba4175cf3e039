import type { TraceSummary } from '@orrery/collector/api';
import { msOfNano } from '../../time/instant-text.js';

export interface Area {
  left: number;
  width: number;
  height: number;
  fromMs: number;
  toMs: number;
}

export interface Dot {
  trace: TraceSummary;
  ms: number;
  x: number;
  y: number;
}

/** Bounds of the logarithmic axis: whole powers of ten around what is there. */
export function durationScale(traces: readonly TraceSummary[]): { min: number; max: number } {
  let min = Number.POSITIVE_INFINITY;
  let max = 0;
  for (const { duration_ms } of traces) {
    if (duration_ms > 0 && duration_ms < min) min = duration_ms;
    if (duration_ms > max) max = duration_ms;
  }
  if (max === 0) return { min: 1, max: 1_000 };
  const low = 10 ** Math.floor(Math.log10(Math.max(0.001, min)));
  const high = 10 ** Math.ceil(Math.log10(Math.max(0.002, max)));
  return { min: low, max: high > low ? high : low * 10 };
}

export function dotsOf(traces: readonly TraceSummary[], area: Area, scale: { min: number; max: number }): Dot[] {
  const span = Math.max(1, area.toMs - area.fromMs);
  const decades = Math.log10(scale.max / scale.min);
  return traces.map((trace) => {
    const ms = msOfNano(trace.start);
    const size = Math.log10(Math.max(scale.min, trace.duration_ms) / scale.min) / decades;
    return {
      trace,
      ms,
      x: area.left + ((ms - area.fromMs) / span) * area.width,
      y: area.height - size * (area.height - 6) - 2,
    };
  });
}

export function timeAt(x: number, area: Area): number {
  return area.fromMs + ((x - area.left) / area.width) * (area.toMs - area.fromMs);
}

export function durationAt(y: number, area: Area, scale: { min: number; max: number }): number {
  const size = (area.height - 2 - y) / (area.height - 6);
  return scale.min * 10 ** (Math.max(0, Math.min(1, size)) * Math.log10(scale.max / scale.min));
}

/** The dot closest to a point, if it is within `reach` pixels. */
export function nearestDot(dots: readonly Dot[], x: number, y: number, reach: number): Dot | null {
  let best: Dot | null = null;
  let bestDistance = reach * reach;
  for (const dot of dots) {
    const distance = (dot.x - x) ** 2 + (dot.y - y) ** 2;
    if (distance <= bestDistance) {
      best = dot;
      bestDistance = distance;
    }
  }
  return best;
}
