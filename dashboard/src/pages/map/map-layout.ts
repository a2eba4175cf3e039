import type { MapEdge, MapNode } from '@orrery/collector/api';

export interface Placed {
  x: number;
  y: number;
}

export const nodeWidth = 196;
export const nodeHeight = 54;

/**
 * Places nodes in columns from caller to called, for maps that dagre takes too long for. The same topology always gives
 * the same places, whatever the figures: ids are sorted first, and nothing is random.
 */
export function layeredLayout(nodes: readonly MapNode[], edges: readonly MapEdge[]): Map<string, Placed> {
  const ids = nodes.map((node) => node.id).sort();
  const known = new Set(ids);
  const out = new Map<string, string[]>(ids.map((id) => [id, []]));
  const into = new Map<string, string[]>(ids.map((id) => [id, []]));
  for (const edge of [...edges].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    if (!known.has(edge.source) || !known.has(edge.target) || edge.source === edge.target) continue;
    out.get(edge.source)?.push(edge.target);
    into.get(edge.target)?.push(edge.source);
  }
  const layer = longestPaths(ids, out, into);
  const columns: string[][] = [];
  for (const id of ids) {
    const at = layer.get(id) ?? 0;
    (columns[at] ??= []).push(id);
  }
  // As many rows as make the whole about as wide as a screen is.
  const split = splitTall(columns.filter(Boolean), Math.max(8, Math.ceil(Math.sqrt(ids.length / 0.4))));
  reorder(split, out, into);
  const placed = new Map<string, Placed>();
  const tallest = Math.max(1, ...split.map((column) => column.length));
  split.forEach((column, c) => {
    column.forEach((id, r) => {
      placed.set(id, { x: c * (nodeWidth + 150), y: (r + (tallest - column.length) / 2) * (nodeHeight + 26) });
    });
  });
  return placed;
}

/** Column of each node: one behind its farthest caller. Edges that close a cycle are left out. */
function longestPaths(
  ids: readonly string[],
  out: ReadonlyMap<string, string[]>,
  into: ReadonlyMap<string, string[]>,
): Map<string, number> {
  const state = new Map<string, 'open' | 'done'>();
  const order: string[] = [];
  const back = new Set<string>();
  const visit = (root: string) => {
    const stack: { id: string; next: number }[] = [{ id: root, next: 0 }];
    state.set(root, 'open');
    while (stack.length > 0) {
      const top = stack[stack.length - 1] as { id: string; next: number };
      const target = out.get(top.id)?.[top.next];
      if (target === undefined) {
        state.set(top.id, 'done');
        order.push(top.id);
        stack.pop();
        continue;
      }
      top.next += 1;
      if (state.get(target) === 'open') back.add(`${top.id}>${target}`);
      else if (!state.has(target)) {
        state.set(target, 'open');
        stack.push({ id: target, next: 0 });
      }
    }
  };
  for (const id of ids) if ((into.get(id)?.length ?? 0) === 0 && !state.has(id)) visit(id);
  for (const id of ids) if (!state.has(id)) visit(id);
  const layer = new Map<string, number>();
  for (const id of order.reverse()) {
    const own = layer.get(id) ?? 0;
    layer.set(id, own);
    for (const target of out.get(id) ?? []) {
      if (!back.has(`${id}>${target}`)) layer.set(target, Math.max(layer.get(target) ?? 0, own + 1));
    }
  }
  return layer;
}

/** A column of a hundred cannot be read: it is broken into several. */
function splitTall(columns: readonly string[][], rows: number): string[][] {
  return columns.flatMap((column) => {
    const parts = Math.ceil(column.length / rows);
    const size = Math.ceil(column.length / parts);
    return Array.from({ length: parts }, (_, i) => column.slice(i * size, (i + 1) * size));
  });
}

/** A few sweeps that pull each node to the middle of its neighbours. */
function reorder(columns: string[][], out: ReadonlyMap<string, string[]>, into: ReadonlyMap<string, string[]>): void {
  const rank = new Map<string, number>();
  const note = () => {
    for (const column of columns) column.forEach((id, i) => rank.set(id, i / column.length));
  };
  note();
  for (let sweep = 0; sweep < 6; sweep += 1) {
    for (const column of columns) {
      const weight = new Map(
        column.map((id) => {
          const near = sweep % 2 === 0 ? (into.get(id) ?? []) : (out.get(id) ?? []);
          const ranks = near.map((other) => rank.get(other) ?? 0);
          return [id, ranks.length ? ranks.reduce((a, b) => a + b, 0) / ranks.length : (rank.get(id) ?? 0)];
        }),
      );
      column.sort((a, b) => (weight.get(a) ?? 0) - (weight.get(b) ?? 0) || (a < b ? -1 : 1));
      column.forEach((id, i) => rank.set(id, i / column.length));
    }
  }
}
