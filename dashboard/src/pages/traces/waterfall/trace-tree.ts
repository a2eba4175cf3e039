import type { Trace } from '@orrery/collector/api';

/**
 * The shape of a trace over its columns, without an object per span: rows are indices into the columns, positions are
 * places in the drawn order (depth first, siblings as they came).
 */
export interface TraceTree {
  size: number;
  /** Row at each position. */
  order: Int32Array;
  /** Position of each row. */
  position: Int32Array;
  depth: Int32Array;
  /** Spans below a row, itself included. */
  subtree: Int32Array;
  children: Int32Array;
  /** Errors below a row, itself included. */
  errors: Int32Array;
  /** Time in which no child ran, in milliseconds. */
  self: Float64Array;
  maxDepth: number;
}

export function treeOf(trace: Trace): TraceTree {
  const { parent, start_ms, duration_ms, status } = trace.columns;
  const size = parent.length;
  const firstChild = new Int32Array(size).fill(-1);
  const nextSibling = new Int32Array(size).fill(-1);
  const children = new Int32Array(size);
  const roots: number[] = [];
  // From the back, so that each row is put before its later siblings.
  for (let row = size - 1; row >= 0; row -= 1) {
    const above = parent[row] ?? -1;
    if (above < 0 || above >= size || above === row) continue;
    nextSibling[row] = firstChild[above] ?? -1;
    firstChild[above] = row;
    children[above] = (children[above] ?? 0) + 1;
  }
  for (let row = 0; row < size; row += 1) if ((parent[row] ?? -1) < 0) roots.push(row);

  const order = new Int32Array(size);
  const position = new Int32Array(size);
  const depth = new Int32Array(size);
  let placed = 0;
  let maxDepth = 0;
  const stack: number[] = [];
  for (const root of roots) {
    stack.push(root);
    while (stack.length > 0) {
      const row = stack.pop() as number;
      position[row] = placed;
      order[placed] = row;
      placed += 1;
      const level = depth[row] ?? 0;
      if (level > maxDepth) maxDepth = level;
      const sibling = nextSibling[row] ?? -1;
      if (sibling >= 0 && (parent[row] ?? -1) >= 0) {
        depth[sibling] = level;
        stack.push(sibling);
      }
      const child = firstChild[row] ?? -1;
      if (child >= 0) {
        depth[child] = level + 1;
        stack.push(child);
      }
    }
  }

  const subtree = new Int32Array(size).fill(1);
  const errors = new Int32Array(size);
  const self = new Float64Array(size);
  for (let row = 0; row < size; row += 1) {
    self[row] = duration_ms[row] ?? 0;
    errors[row] = status[row] === 'error' ? 1 : 0;
  }
  for (let at = placed - 1; at >= 0; at -= 1) {
    const row = order[at] as number;
    const above = parent[row] ?? -1;
    if (above < 0) continue;
    subtree[above] = (subtree[above] ?? 0) + (subtree[row] ?? 0);
    errors[above] = (errors[above] ?? 0) + (errors[row] ?? 0);
  }
  subtractChildren(self, order, position, firstChild, nextSibling, start_ms, duration_ms);
  return { size: placed, order: order.subarray(0, placed), position, depth, subtree, children, errors, self, maxDepth };
}

/** Takes from each span the time covered by its children, which may overlap and may run past its end. */
function subtractChildren(
  self: Float64Array,
  order: Int32Array,
  position: Int32Array,
  firstChild: Int32Array,
  nextSibling: Int32Array,
  start: readonly number[],
  duration: readonly number[],
): void {
  for (const row of order) {
    if (position[row] === undefined) continue;
    const begin = start[row] ?? 0;
    const end = begin + (duration[row] ?? 0);
    let covered = 0;
    let reached = begin;
    for (let child = firstChild[row] ?? -1; child >= 0; child = nextSibling[child] ?? -1) {
      const from = Math.max(reached, start[child] ?? 0);
      const to = Math.min(end, (start[child] ?? 0) + (duration[child] ?? 0));
      if (to > from) {
        covered += to - from;
        reached = to;
      }
    }
    self[row] = Math.max(0, end - begin - covered);
  }
}

/**
 * Rows to draw, in order: a span is its row, a log line is `-(index + 1)` right under its span. What is collapsed
 * hides its subtree; `only` keeps the rows it holds.
 */
export function visibleRows(
  tree: TraceTree,
  collapsed: ReadonlySet<number>,
  only: ReadonlySet<number> | null,
  logsOf: ReadonlyMap<number, readonly number[]> | null,
): Int32Array {
  const rows: number[] = [];
  for (let at = 0; at < tree.size; at += 1) {
    const row = tree.order[at] as number;
    if (!only || only.has(row)) {
      rows.push(row);
      const logs = logsOf?.get(row);
      if (logs) for (const log of logs) rows.push(-(log + 1));
    }
    if (!only && collapsed.has(row)) at += (tree.subtree[row] ?? 1) - 1;
  }
  return Int32Array.from(rows);
}
