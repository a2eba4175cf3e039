import type { Trace } from '@orrery/collector/api';
import type { TraceTree } from './waterfall/trace-tree.js';

/** The span drawn at an instant and depth, or -1. `slack` is how many milliseconds a thin one may be missed by. */
export function spanAt(trace: Trace, tree: TraceTree, ms: number, depth: number, slack: number): number {
  let best = -1;
  for (let at = 0; at < tree.size; at += 1) {
    const row = tree.order[at] as number;
    if (tree.depth[row] !== depth) continue;
    const start = trace.columns.start_ms[row] ?? 0;
    const end = start + (trace.columns.duration_ms[row] ?? 0);
    if (ms >= start && ms <= end) return row;
    if (ms >= start - slack && ms <= end + slack) best = row;
  }
  return best;
}
