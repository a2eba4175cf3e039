import type { Trace } from '@orrery/collector/api';
import type { FlameLanes } from './flame-lanes.js';

/** Place in `lanes.spans` of the first span of a lane that is not over at an instant; its end when all are. */
export function firstNotOver(trace: Trace, lanes: FlameLanes, lane: number, ms: number): number {
  const { start_ms, duration_ms } = trace.columns;
  let low = lanes.begin[lane] ?? 0;
  let high = lanes.begin[lane + 1] ?? low;
  while (low < high) {
    const middle = (low + high) >> 1;
    const span = lanes.spans[middle] as number;
    // Spans of one lane do not overlap: who begins later ends later.
    if ((start_ms[span] ?? 0) + (duration_ms[span] ?? 0) < ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The span drawn at an instant of a lane, or -1. `slack` is how many milliseconds it may be missed by; of several
 * that near a thin error is meant, because that is what stands out, and else the one that runs then.
 */
export function spanAt(trace: Trace, lanes: FlameLanes, lane: number, ms: number, slack: number): number {
  if (lane < 0 || lane >= lanes.count) return -1;
  const { start_ms, duration_ms, status } = trace.columns;
  const to = lanes.begin[lane + 1] as number;
  let best = -1;
  for (let at = firstNotOver(trace, lanes, lane, ms - slack); at < to; at += 1) {
    const span = lanes.spans[at] as number;
    const start = start_ms[span] ?? 0;
    const duration = duration_ms[span] ?? 0;
    if (start > ms + slack) break;
    // A thin error is drawn over its neighbours.
    if (status[span] === 'error' && duration <= 2 * slack) return span;
    if (best < 0 || (ms >= start && ms <= start + duration)) best = span;
  }
  return best;
}

/** The span beside another in its lane, or -1. */
export function besideOf(lanes: FlameLanes, span: number, step: 1 | -1): number {
  const lane = lanes.lane[span] ?? 0;
  const at = lanes.spans.indexOf(span, lanes.begin[lane]) + step;
  return at >= (lanes.begin[lane] as number) && at < (lanes.begin[lane + 1] as number)
    ? (lanes.spans[at] as number)
    : -1;
}
