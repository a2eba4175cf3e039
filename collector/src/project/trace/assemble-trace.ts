import type { Trace, TraceSummary } from '../../api/contract/index.js';
import { clockCorrections, clockOf } from './clock-correction.js';
import { criticalPath } from './critical-path.js';
import type { SpanRow } from './span-row.js';
import { spanTree } from './span-tree.js';
import { summaryServices } from './summary-services.js';

export interface TraceParts {
  traceId: string;
  /** At least one. */
  spans: SpanRow[];
  correlationId: string;
  sagaId: string;
  syntheticCheck: string;
  /** Log lines that belong to the trace. */
  logs: number;
  linkedTraces: string[];
  /** There are more than these. */
  linkedTruncated: boolean;
  /** The store held back spans beyond its limit. */
  truncated: boolean;
}

/** Puts a trace together for the screen: order, clocks, critical path, dictionaries. */
export function assembleTrace(parts: TraceParts): Trace {
  const tree = spanTree(parts.spans);
  const shifts = clockCorrections(tree);
  const starts = tree.rows.map((span) => span.startNano + (shifts.get(clockOf(span))?.shiftNano ?? 0n));
  const first = starts.reduce((a, b) => (a < b ? a : b), starts[0] ?? 0n);
  const startMs = starts.map((start) => Number(start - first) / 1e6);
  const durationMs = tree.rows.map((span) => Math.max(0, Number(span.endNano - span.startNano) / 1e6));
  const endMs = startMs.map((start, row) => start + (durationMs[row] ?? 0));
  const names = new Dictionary();
  const services = new Dictionary();
  const categories = new Dictionary<SpanRow['category']>();
  return {
    summary: summarise(
      parts,
      tree.rows,
      first,
      endMs.reduce((a, b) => Math.max(a, b), 0),
    ),
    columns: {
      span_id: tree.rows.map((span) => span.spanId),
      parent: [...tree.parent],
      name: tree.rows.map((span) => names.place(span.name)),
      service: tree.rows.map((span) => services.place(span.service)),
      kind: tree.rows.map((span) => span.kind),
      status: tree.rows.map((span) => span.status),
      category: tree.rows.map((span) => categories.place(span.category)),
      start_ms: startMs,
      duration_ms: durationMs,
      events: tree.rows.map((span) => span.events),
      links: tree.rows.map((span) => span.links),
    },
    names: names.values,
    services: services.values,
    categories: categories.values,
    clock_corrections: [...shifts.values()]
      .filter((shift) => shift.shiftNano !== 0n)
      .map((shift) => ({ service: shift.service, instance: shift.instance, shift_ms: Number(shift.shiftNano) / 1e6 })),
    critical_path: criticalPath(tree.parent, startMs, endMs),
    orphans: tree.orphans,
    logs: parts.logs,
    truncated: parts.truncated,
    // Stores find them in whatever order; an answer asked for twice is the same.
    linked_traces: parts.linkedTraces.toSorted(),
    linked_truncated: parts.linkedTruncated,
  };
}

function summarise(parts: TraceParts, rows: SpanRow[], first: bigint, durationMs: number): TraceSummary {
  const root = rows.find((span) => span.parentSpanId === '');
  const services = new Map<string, { service: string; spans: number; errors: number }>();
  for (const span of rows.toSorted((a, b) => (a.startNano < b.startNano ? -1 : 1))) {
    const service = services.get(span.service) ?? { service: span.service, spans: 0, errors: 0 };
    service.spans++;
    if (span.status === 'error') service.errors++;
    services.set(span.service, service);
  }
  return {
    trace_id: parts.traceId,
    root_service: root?.service ?? '',
    root_name: root?.name ?? '',
    start: first.toString(),
    duration_ms: durationMs,
    spans: rows.length,
    errors: rows.filter((span) => span.status === 'error').length,
    ...summaryServices([...services.values()]),
    correlation_id: parts.correlationId,
    saga_id: parts.sagaId,
    synthetic_check: parts.syntheticCheck,
    complete: root !== undefined,
  };
}

class Dictionary<Value extends string = string> {
  readonly values: Value[] = [];
  readonly #places = new Map<Value, number>();

  place(value: Value): number {
    let place = this.#places.get(value);
    if (place === undefined) {
      place = this.values.push(value) - 1;
      this.#places.set(value, place);
    }
    return place;
  }
}
