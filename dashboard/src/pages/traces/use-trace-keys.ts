import type { Trace } from '@orrery/collector/api';
import { useEffect, useRef } from 'react';
import { isTyping } from '../../ui/is-typing.js';
import { besideOf } from './flame/flame-hit.js';
import type { FlameLanes } from './flame/flame-lanes.js';
import type { TraceTree } from './waterfall/trace-tree.js';

export interface TraceKeys {
  trace: Trace;
  tree: TraceTree;
  rows: Int32Array;
  /** While the flame graph is shown: arrows go where they point, as nothing collapses there. */
  lanes: FlameLanes | null;
  selected: number;
  collapsed: ReadonlySet<number>;
  onSelect: (row: number) => void;
  onToggle: (row: number, closed: boolean) => void;
  onCollapseAll: (closed: boolean) => void;
  onCritical: () => void;
}

/**
 * Keys of a trace: `j`/`k` and arrows move, left and right collapse and expand, `n`/`p` errors, `[` `]` all, `c` path.
 * In the flame graph arrows go to the caller, to what was called, and to the neighbours in the lane.
 */
export function useTraceKeys(keys: TraceKeys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
      if (handle(latest.current, event.key)) event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

function handle(keys: TraceKeys, key: string): boolean {
  const { trace, tree, selected } = keys;
  if (keys.lanes && key.startsWith('Arrow')) return moveInFlame(keys, keys.lanes, key);
  switch (key) {
    case 'j':
    case 'ArrowDown':
      return move(keys, 1, () => true);
    case 'k':
    case 'ArrowUp':
      return move(keys, -1, () => true);
    case 'n':
      return move(keys, 1, (row) => trace.columns.status[row] === 'error');
    case 'p':
      return move(keys, -1, (row) => trace.columns.status[row] === 'error');
    case 'ArrowLeft': {
      if (selected < 0) return false;
      const open = (tree.children[selected] ?? 0) > 0 && !keys.collapsed.has(selected);
      const above = trace.columns.parent[selected] ?? -1;
      if (open) keys.onToggle(selected, true);
      else if (above >= 0) keys.onSelect(above);
      return true;
    }
    case 'ArrowRight':
      if (selected < 0) return false;
      keys.onToggle(selected, false);
      return true;
    case '[':
      keys.onCollapseAll(true);
      return true;
    case ']':
      keys.onCollapseAll(false);
      return true;
    case 'c':
      keys.onCritical();
      return true;
    default:
      return false;
  }
}

function moveInFlame({ trace, tree, selected, onSelect }: TraceKeys, lanes: FlameLanes, key: string): boolean {
  if (tree.size === 0) return false;
  const hasChild = selected >= 0 && (tree.children[selected] ?? 0) > 0;
  const wanted: Record<string, () => number> = {
    ArrowUp: () => trace.columns.parent[selected] ?? -1,
    ArrowDown: () => (hasChild ? (tree.order[(tree.position[selected] ?? 0) + 1] ?? -1) : -1),
    ArrowLeft: () => besideOf(lanes, selected, -1),
    ArrowRight: () => besideOf(lanes, selected, 1),
  };
  const next = selected < 0 ? (tree.order[0] ?? -1) : (wanted[key]?.() ?? -1);
  if (next >= 0) onSelect(next);
  return true;
}

function move(keys: TraceKeys, step: 1 | -1, wanted: (row: number) => boolean): boolean {
  const { rows, selected } = keys;
  const begin = selected < 0 ? (step > 0 ? -1 : rows.length) : rows.indexOf(selected);
  for (let at = begin + step; at >= 0 && at < rows.length; at += step) {
    const row = rows[at] as number;
    if (row >= 0 && wanted(row)) {
      keys.onSelect(row);
      return true;
    }
  }
  return true;
}
