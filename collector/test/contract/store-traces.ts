import { describe, expect, it } from 'vitest';
import type * as Question from '../../src/store/question.js';
import { LogOfRecords } from '../fixtures/log-of-records.js';
import { filter, nano, type OpenStore, ranged, signal, spanId, storeFor, T0_MS, traceId } from './store-under-test.js';

const DESK = { 'service.name': 'lending-desk', 'service.instance.id': 'd1' };
const STACKS = { 'service.name': 'stacks' };

/** Forty loans; loan n takes 41 - n ms, has 1 + n % 3 spans, and fails when n % 5 is 0. */
function loans(): LogOfRecords {
  const log = new LogOfRecords(T0_MS);
  for (let n = 1; n <= 40; n++) {
    const start = nano(n * 100);
    const end = start + BigInt(41 - n) * 1_000_000n;
    const id = traceId(n);
    log.spans(DESK, [
      {
        traceId: id,
        spanId: spanId(n),
        name: `lend ${n % 4}`,
        kind: 2,
        startNano: start,
        endNano: end,
        status: n % 5 === 0 ? 2 : 0,
        traceState: 'x=1',
        statusMessage: n % 5 === 0 ? 'no such book' : '',
        attributes: { 'correlation.id': `c-${n}`, book: n, tags: ['a', n], due: { days: 14, strict: true } },
        events: [{ timeNano: start + 1n, name: 'stamped', attributes: { by: 'ann' } }],
        links: n === 2 ? [{ traceId: traceId(1), spanId: spanId(1), attributes: { why: 'renewal' } }] : [],
      },
    ]);
    for (let inner = 0; inner < n % 3; inner++) {
      const parent = { traceId: id, spanId: spanId(100 * (inner + 1) + n), parentSpanId: spanId(n) };
      log.spans(STACKS, [{ ...parent, name: 'fetch', startNano: start, endNano: end, attributes: { shelf: 'B4' } }]);
    }
    log.logs(DESK, [{ timeNano: start, severity: 9, body: `loan ${n}`, traceId: id, spanId: spanId(n) }]);
  }
  return log;
}

export function describeTraces(open: OpenStore): void {
  describe('traces', () => {
    const store = storeFor(open, async ({ writer }) => {
      const { records } = loans();
      for (let at = 0; at < records.length; at += 9) await writer.write(records.slice(at, at + 9), signal);
    });
    const ask = (question: Partial<Question.Traces>, q = '') =>
      store().reader.traces(
        {
          ...ranged,
          filter: filter(q, 'traces'),
          synthetic: 'include',
          sort: 'start',
          order: 'desc',
          limit: 50,
          ...question,
        },
        signal,
      );
    const numbers = (list: Awaited<ReturnType<typeof ask>>) =>
      list.traces.map(({ trace_id }) => Number.parseInt(trace_id.slice(0, 8), 16));

    it('sorts over everything, and pages through it without gaps or repeats', async () => {
      for (const [sort, order] of [
        ['start', 'desc'],
        ['duration', 'asc'],
        ['spans', 'desc'],
        ['errors', 'asc'],
      ] as const) {
        const whole = await ask({ sort, order });
        const paged: number[] = [];
        let cursor: string | null = null;
        do {
          const page: Awaited<ReturnType<typeof ask>> = await ask({
            sort,
            order,
            limit: 7,
            ...(cursor ? { cursor } : {}),
          });
          paged.push(...numbers(page));
          cursor = page.next_cursor;
        } while (cursor !== null);
        expect(paged).toEqual(numbers(whole));
        expect(new Set(paged).size).toBe(40);
      }
      expect(numbers(await ask({ sort: 'duration', order: 'desc', limit: 3 }))).toEqual([1, 2, 3]);
    });

    it('summarises a trace from all its parts', async () => {
      const [summary] = (await ask({}, 'correlation_id:c-5')).traces;
      expect(summary).toMatchObject({
        trace_id: traceId(5),
        root_service: 'lending-desk',
        root_name: 'lend 1',
        start: nano(500).toString(),
        duration_ms: 36,
        spans: 3,
        errors: 1,
        correlation_id: 'c-5',
        complete: true,
      });
      expect(summary?.services.map(({ service, spans }) => `${service} ${spans}`)).toEqual([
        'lending-desk 1',
        'stacks 2',
      ]);
    });

    it('filters by what one span says and by what the trace says, before any limit', async () => {
      expect(numbers(await ask({}, 'status:error'))).toEqual([40, 35, 30, 25, 20, 15, 10, 5]);
      expect(numbers(await ask({ limit: 2 }, 'status:error'))).toEqual([40, 35]);
      expect(numbers(await ask({}, 'trace.spans>=3 trace.duration>30ms'))).toEqual([8, 5, 2]);
      expect(numbers(await ask({}, 'shelf:B4 trace.errors>0'))).toEqual([40, 35, 25, 20, 10, 5]);
      // One span must match the whole of it: no span has both.
      expect(numbers(await ask({}, 'shelf:B4 book>0'))).toEqual([]);
      expect(
        numbers(await ask({}, 'root.name:"lend 3" NOT trace.spans:1')).every((n) => n % 4 === 3 && n % 3 > 0),
      ).toBe(true);
    });

    it('counts in time', async () => {
      const histogram = await store().reader.traceHistogram(
        { ...ranged, filter: filter('', 'traces'), synthetic: 'include' },
        signal,
      );
      expect(histogram.total).toBe(40);
      expect(histogram.errors.reduce((a, b) => a + b, 0)).toBe(8);
    });

    it('finds a trace by its id alone, with its lines and links', async () => {
      const trace = await store().reader.trace(traceId(2), signal);
      expect(trace?.summary).toMatchObject({ spans: 3, root_name: 'lend 2' });
      expect(trace?.logs).toBe(1);
      expect(trace?.linked_traces).toEqual([traceId(1)]);
      expect((await store().reader.trace(traceId(1), signal))?.linked_traces).toEqual([traceId(2)]);
      expect((await store().reader.traceLogs(traceId(2), signal)).logs.map((line) => line.body)).toEqual(['loan 2']);
      expect(await store().reader.trace(traceId(4711), signal)).toBeNull();
    });

    it('gives one span back as it was sent', async () => {
      const span = await store().reader.span(traceId(5), spanId(5), signal);
      expect(span).toEqual({
        trace_id: traceId(5),
        span_id: spanId(5),
        parent_span_id: '',
        service: 'lending-desk',
        name: 'lend 1',
        kind: 'server',
        status: 'error',
        status_message: 'no such book',
        trace_state: 'x=1',
        start: nano(500).toString(),
        end: nano(536).toString(),
        duration_ms: 36,
        attributes: { 'correlation.id': 'c-5', book: 5, tags: ['a', 5], due: { days: 14, strict: true } },
        resource: DESK,
        scope: { name: 'test', version: '1' },
        events: [{ time: (nano(500) + 1n).toString(), name: 'stamped', attributes: { by: 'ann' } }],
        links: [],
      });
      expect(await store().reader.span(traceId(5), spanId(999), signal)).toBeNull();
      const whole = await store().reader.traceSpans(traceId(5), 2, signal);
      expect(whole).toMatchObject({ truncated: true });
      expect(whole?.spans).toHaveLength(2);
    });
  });

  describe('a trace that grows', () => {
    const store = storeFor(open, async () => undefined);
    const log = new LogOfRecords(T0_MS);
    const write = async (told: LogOfRecords) => await store().writer.write(told.records.splice(0), signal);
    const [trace, other] = [traceId(1), traceId(2)];
    const loan = (number: number, correlation: string, more: Record<string, string> = {}) => ({
      traceId: trace,
      spanId: spanId(number),
      name: 'renew',
      startNano: nano(number),
      endNano: nano(number + 5),
      attributes: { 'correlation.id': correlation, ...more },
    });
    const line = (id: string, body: string) => ({ timeNano: nano(1), body, traceId: id, spanId: spanId(1) });

    it('is told of as its summary tells, whatever its spans say', async () => {
      await write(log.spans(DESK, [loan(1, 'm-1')]));
      expect((await store().reader.trace(trace, signal))?.summary.correlation_id).toBe('m-1');
      await write(log.spans(DESK, [loan(2, 'n-2', { 'synthetic.check': 'lend-hourly' }), loan(3, 'z-3')]));
      const list = {
        ...ranged,
        filter: filter('', 'traces'),
        synthetic: 'include',
        sort: 'start',
        order: 'asc',
      } as const;
      const { traces } = await store().reader.traces({ ...list, limit: 9 }, signal);
      const summary = (await store().reader.trace(trace, signal))?.summary;
      const { correlation_id, synthetic_check } = traces[0] as NonNullable<typeof summary>;
      expect(summary).toMatchObject({ correlation_id, synthetic_check, spans: 3 });
      expect(synthetic_check).toBe('lend-hourly');
      expect(['m-1', 'n-2']).toContain(correlation_id);
    });

    it('has every line that came, however often it was asked for before', async () => {
      const lines = async () => (await store().reader.traceLogs(trace, signal)).logs.map(({ body }) => body);
      expect(await lines()).toEqual([]);
      await write(log.logs(DESK, [line(other, 'of another')]));
      expect(await lines()).toEqual([]);
      await write(log.logs(DESK, [line(trace, 'first')]));
      expect(await lines()).toEqual(['first']);
      await write(log.logs(DESK, [line(other, 'of another'), line(trace, 'second')]));
      expect((await store().reader.trace(trace, signal))?.logs).toBe(2);
      expect(await lines()).toEqual(['first', 'second']);
    });
  });
}
