import type { LogRow, Trace } from '@orrery/collector/api';

/** Rows whose name or service holds the text; null when nothing is looked for. Looks once at each name, not each span. */
export function matchesOf(trace: Trace, text: string): ReadonlySet<number> | null {
  const wanted = text.trim().toLowerCase();
  if (!wanted) return null;
  const names = trace.names.map((name) => name.toLowerCase().includes(wanted));
  const services = trace.services.map((name) => name.toLowerCase().includes(wanted));
  const found = new Set<number>();
  const { name, service, status, span_id } = trace.columns;
  for (let row = 0; row < name.length; row += 1) {
    if (names[name[row] ?? -1] || services[service[row] ?? -1] || status[row] === wanted || span_id[row] === wanted)
      found.add(row);
  }
  return found;
}

/** Places of log lines by the row of the span that wrote them, oldest first. */
export function logsBySpan(logs: readonly LogRow[], rowOfId: ReadonlyMap<string, number>): Map<number, number[]> {
  const found = new Map<number, number[]>();
  logs.forEach((log, index) => {
    const row = rowOfId.get(log.span_id);
    if (row === undefined) return;
    const list = found.get(row);
    if (list) list.push(index);
    else found.set(row, [index]);
  });
  return found;
}
