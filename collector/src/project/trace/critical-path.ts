/**
 * Rows whose time the trace's root had to wait for, root first. Walks back from the end of the root: the child that
 * ended last before the current moment is what was waited for; work after it is the span's own. Asynchronous children
 * (those that outlive their parent) were not waited for and are left out.
 * @param parent place of each row's parent, -1 for roots; parents come before children
 */
export function criticalPath(parent: ArrayLike<number>, start: ArrayLike<number>, end: ArrayLike<number>): number[] {
  const children = new Map<number, number[]>();
  for (let row = 0; row < parent.length; row++) {
    const above = parent[row] ?? -1;
    if (above < 0 || (end[row] ?? 0) > (end[above] ?? 0)) continue;
    const siblings = children.get(above);
    if (siblings) siblings.push(row);
    else children.set(above, [row]);
  }
  if (parent.length === 0) return [];
  const path: number[] = [];
  const stack: { row: number; until: number }[] = [{ row: 0, until: end[0] ?? 0 }];
  for (let top = stack.pop(); top; top = stack.pop()) {
    path.push(top.row);
    let moment = top.until;
    const byEnd = (children.get(top.row) ?? []).toSorted((a, b) => (end[b] ?? 0) - (end[a] ?? 0));
    for (const child of byEnd) {
      if ((end[child] ?? 0) > moment) continue;
      stack.push({ row: child, until: end[child] ?? 0 });
      moment = start[child] ?? 0;
    }
  }
  return path.toSorted((a, b) => a - b);
}
