import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assembleTrace } from './assemble-trace.js';
import type { SpanRow } from './span-row.js';

const T0 = 1_800_000_000_000_000_000n;
const ms = (n: number): bigint => T0 + BigInt(Math.round(n * 1e6));

function span(spanId: string, parentSpanId: string, start: number, end: number, more: Partial<SpanRow> = {}): SpanRow {
  return {
    spanId,
    parentSpanId,
    service: 'clinic',
    instance: '1',
    host: 'h1',
    name: spanId,
    kind: 'internal',
    status: 'unset',
    category: 'internal',
    startNano: ms(start),
    endNano: ms(end),
    events: 0,
    links: 0,
    ...more,
  };
}

const assemble = (spans: SpanRow[]) =>
  assembleTrace({
    traceId: 'f'.repeat(32),
    spans,
    correlationId: '',
    sagaId: '',
    syntheticCheck: '',
    logs: 0,
    linkedTraces: [],
    linkedTruncated: false,
    truncated: false,
  });

test('parents come before children and siblings in order of their start, however the spans arrive', () => {
  const trace = assemble([span('c', 'a', 5, 9), span('d', 'b', 2, 3), span('b', 'a', 1, 4), span('a', '', 0, 10)]);
  expect(trace.columns.span_id).toEqual(['a', 'b', 'd', 'c']);
  expect(trace.columns.parent).toEqual([-1, 0, 1, 0]);
  expect(trace.summary).toMatchObject({ root_name: 'a', duration_ms: 10, spans: 4, complete: true });
});

test('a span whose parent never came stands as a root and is counted', () => {
  const trace = assemble([span('b', 'gone', 1, 4)]);
  expect(trace).toMatchObject({ orphans: 1, summary: { complete: false, root_name: '' } });
});

test('spans that claim to be each other’s parents are all shown once', () => {
  const trace = assemble([span('a', 'b', 0, 1), span('b', 'a', 0, 1), span('c', 'c', 0, 1)]);
  expect(trace.columns.span_id.toSorted()).toEqual(['a', 'b', 'c']);
});

test('any tangle of ids keeps every span exactly once with parents before children', () => {
  const ids = ['a', 'b', 'c', 'd', 'e', ''];
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom(...ids.slice(0, 5)), fc.constantFrom(...ids), fc.nat(50))),
      (rows) => {
        if (rows.length === 0) return;
        const trace = assemble(rows.map(([id, parent, start]) => span(id, parent, start, start + 1)));
        expect(new Set(trace.columns.span_id).size).toBe(new Set(rows.map(([id]) => id)).size);
        trace.columns.parent.forEach((parent, row) => expect(parent).toBeLessThan(row));
      },
    ),
  );
});

test('a server whose clock is off is moved into the client span that waited for it, and says so', () => {
  const trace = assemble([
    span('client', '', 0, 100, { kind: 'client' }),
    span('server', 'client', -5000, -4920, { kind: 'server', service: 'lab', instance: '9', host: 'h2' }),
    span('inner', 'server', -4990, -4930, { service: 'lab', instance: '9', host: 'h2' }),
  ]);
  expect(trace.clock_corrections).toEqual([{ service: 'lab', instance: '9', shift_ms: 5010 }]);
  expect(trace.columns.start_ms).toEqual([0, 10, 20]);
});

test('instances of one host are never corrected against each other', () => {
  const trace = assemble([
    span('client', '', 0, 100, { kind: 'client' }),
    span('server', 'client', -50, 20, { kind: 'server', service: 'lab', instance: '9' }),
  ]);
  expect(trace.clock_corrections).toEqual([]);
});

test('the critical path holds what the root waited for, not what ran beside or after it', () => {
  const trace = assemble([
    span('root', '', 0, 100),
    span('short', 'root', 0, 20),
    span('long', 'root', 0, 60),
    span('last', 'root', 60, 95),
    span('async', 'root', 90, 400, { kind: 'consumer' }),
  ]);
  expect(trace.critical_path.map((row) => trace.columns.span_id[row])).toEqual(['root', 'long', 'last']);
});
