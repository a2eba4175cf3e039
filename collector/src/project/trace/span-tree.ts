import type { SpanRow } from './span-row.js';

/** Rows in display order, parents before children and siblings by start; `parent` holds places in that order. */
export interface SpanTree {
  rows: SpanRow[];
  /** -1 for a root and for a span whose parent never came. */
  parent: Int32Array;
  /** Spans whose parent never came. */
  orphans: number;
}

/**
 * Orders spans into a tree. A span sent twice counts once; a parent that is missing, the span itself or its own
 * descendant (hostile ids) makes the span a root.
 */
export function spanTree(spans: SpanRow[]): SpanTree {
  const unique = new Map<string, SpanRow>();
  for (const span of spans) unique.set(span.spanId, span);
  const children = new Map<string, SpanRow[]>();
  const roots: SpanRow[] = [];
  let orphans = 0;
  for (const span of unique.values()) {
    const known = unique.has(span.parentSpanId);
    if (span.parentSpanId !== '' && known && span.parentSpanId !== span.spanId) {
      const siblings = children.get(span.parentSpanId);
      if (siblings) siblings.push(span);
      else children.set(span.parentSpanId, [span]);
    } else {
      roots.push(span);
      if (span.parentSpanId !== '') orphans++;
    }
  }
  const tree: SpanTree = { rows: [], parent: new Int32Array(unique.size).fill(-1), orphans };
  const placed = new Set<string>();
  place(roots.toSorted(byStart), children, placed, tree);
  // What is left hangs in cycles: cut each at its earliest span.
  for (const span of [...unique.values()].toSorted(byStart)) {
    if (!placed.has(span.spanId)) place([span], children, placed, tree);
  }
  return tree;
}

function place(roots: SpanRow[], children: Map<string, SpanRow[]>, placed: Set<string>, tree: SpanTree): void {
  const stack = roots.toReversed().map((span) => ({ span, parent: -1 }));
  for (let top = stack.pop(); top; top = stack.pop()) {
    if (placed.has(top.span.spanId)) continue;
    placed.add(top.span.spanId);
    const row = tree.rows.push(top.span) - 1;
    tree.parent[row] = top.parent;
    const own = children.get(top.span.spanId)?.toSorted(byStart) ?? [];
    for (let i = own.length - 1; i >= 0; i--) {
      const child = own[i];
      if (child) stack.push({ span: child, parent: row });
    }
  }
}

function byStart(a: SpanRow, b: SpanRow): number {
  if (a.startNano !== b.startNano) return a.startNano < b.startNano ? -1 : 1;
  return a.spanId < b.spanId ? -1 : 1;
}
