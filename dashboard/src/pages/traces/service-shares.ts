import type { Trace } from '@orrery/collector/api';
import type { TraceTree } from './waterfall/trace-tree.js';

export interface ServiceShare {
  service: string;
  name: string;
  spans: number;
  errors: number;
  selfMs: number;
  totalMs: number;
  maxMs: number;
  /** Of the own time of all spans, 0–1. */
  share: number;
}

/** Spans grouped by service and name, the most own time first, at most 200. */
export function serviceShares(trace: Trace, tree: TraceTree): ServiceShare[] {
  const groups = new Map<number, ServiceShare>();
  const { service, name, status, duration_ms } = trace.columns;
  let all = 0;
  for (let row = 0; row < service.length; row += 1) {
    const key = (service[row] ?? 0) * trace.names.length + (name[row] ?? 0);
    let group = groups.get(key);
    if (!group) {
      group = {
        service: trace.services[service[row] ?? 0] ?? '',
        name: trace.names[name[row] ?? 0] ?? '',
        spans: 0,
        errors: 0,
        selfMs: 0,
        totalMs: 0,
        maxMs: 0,
        share: 0,
      };
      groups.set(key, group);
    }
    const duration = duration_ms[row] ?? 0;
    group.spans += 1;
    if (status[row] === 'error') group.errors += 1;
    group.selfMs += tree.self[row] ?? 0;
    group.totalMs += duration;
    group.maxMs = Math.max(group.maxMs, duration);
    all += tree.self[row] ?? 0;
  }
  const shares = [...groups.values()].sort((a, b) => b.selfMs - a.selfMs).slice(0, 200);
  for (const group of shares) group.share = all > 0 ? group.selfMs / all : 0;
  return shares;
}
