import { describe, expect, it } from 'vitest';
import { Signal } from '../../src/log/log-record.js';
import { LogOfRecords } from '../fixtures/log-of-records.js';
import { filter, nano, type OpenStore, ranged, signal, spanId, T0_MS, traceId } from './store-under-test.js';

const LIBRARY = { 'service.name': 'lending-desk', 'deployment.environment.name': 'city' };
const DAY_MS = 86_400_000;

/** Loans of a library: one trace each, with a line and a count. */
function loans(count: number, receivedMs = T0_MS): LogOfRecords {
  const log = new LogOfRecords(receivedMs);
  for (let loan = 0; loan < count; loan++) {
    const startNano = nano(loan * 1000);
    const ids = { traceId: traceId(loan + 1), spanId: spanId(loan + 1) };
    log.spans(LIBRARY, [{ ...ids, name: 'lend', kind: 2, startNano, endNano: startNano + 5_000_000n }]);
    log.logs(LIBRARY, [{ ...ids, timeNano: startNano, severity: 9, body: `lent book ${loan}` }]);
    log.metrics(LIBRARY, [{ name: 'loans.open', gauge: [{ timeNano: startNano, value: loan }] }]);
  }
  return log;
}

async function figuresOf(store: Awaited<ReturnType<OpenStore>>) {
  const { spans, logs, metricPoints } = await store.reader.storage(signal);
  const services = await store.reader.services({ ...ranged, synthetic: 'include' }, signal);
  const traces = await store.reader.traces(
    { ...ranged, filter: { kind: 'all' }, synthetic: 'include', sort: 'start', order: 'asc', limit: 500 },
    signal,
  );
  return {
    spans,
    logs,
    metricPoints,
    requests: services.services.map(({ service, requests }) => `${service} ${requests}`),
    traces: traces.traces.map(({ trace_id, spans: count }) => `${trace_id} ${count}`),
  };
}

const TEN = {
  spans: 10,
  logs: 10,
  metricPoints: 10,
  requests: ['lending-desk 10'],
  traces: Array.from({ length: 10 }, (_, loan) => `${traceId(loan + 1)} 1`),
};

export function describeWriting(open: OpenStore): void {
  describe('writing', () => {
    it('stores the same records once, however often and however cut they come', async () => {
      const store = await open({ definitions: [] });
      try {
        const { records } = loans(10);
        const report = await store.writer.write(records, signal);
        expect(report).toMatchObject({ spans: 10, logs: 10, metricPoints: 10, deadLetters: 0 });
        await store.writer.write(records, signal);
        for (const record of records) await store.writer.write([record], signal);
        await store.writer.write(records.slice(7, 23), signal);
        expect(await figuresOf(store)).toEqual(TEN);
      } finally {
        await store.close();
      }
    });

    it('stores records once that come again after a restart, cut into other batches', async () => {
      let store = await open({ definitions: [] });
      try {
        const { records } = loans(10);
        await store.writer.write(records.slice(0, 11), signal);
        store = await store.reopen();
        expect(await store.writer.cursor()).toBeGreaterThanOrEqual(0);
        for (let at = 0; at < records.length; at += 7) await store.writer.write(records.slice(at, at + 7), signal);
        store = await store.reopen();
        expect(await figuresOf(store)).toEqual(TEN);
      } finally {
        await store.close();
      }
    });

    it('says after a restart how far it has stored, never further', async () => {
      let store = await open({ definitions: [] });
      try {
        expect(await store.writer.cursor()).toBe(0);
        const { records } = loans(4);
        await store.writer.write(records.slice(0, 6), signal);
        store = await store.reopen();
        expect(await store.writer.cursor()).toBeLessThanOrEqual(records[5]?.next ?? 0);
        await store.writer.write(records.slice(3), signal);
        expect((await store.reader.storage(signal)).spans).toBe(4);
      } finally {
        await store.close();
      }
    });

    it('stores a batch that crosses slices whole, and once', async () => {
      const store = await open({ definitions: [] });
      try {
        const log = loans(5, T0_MS - DAY_MS);
        log
          .receivedAt(T0_MS)
          .spans(LIBRARY, [
            { traceId: traceId(1), spanId: spanId(77), name: 'late', startNano: nano(1), endNano: nano(2) },
          ]);
        await store.writer.write(log.records, signal);
        await store.writer.write(log.records.slice(4), signal);
        const trace = await store.reader.trace(traceId(1), signal);
        expect(trace?.columns.span_id.toSorted()).toEqual([spanId(1), spanId(77)].toSorted());
        expect((await store.reader.storage(signal)).spans).toBe(6);
        expect((await store.reader.storage(signal)).slices).toBeGreaterThanOrEqual(2);
      } finally {
        await store.close();
      }
    });

    it('sets a record aside that can not be read, and stores what stands around it', async () => {
      const store = await open({ definitions: [] });
      try {
        const log = loans(1);
        log.bytes(Signal.traces, Buffer.from('this is no protobuf'));
        log.logs(LIBRARY, [{ timeNano: nano(5000), body: 'after it' }]);
        const report = await store.writer.write(log.records, signal);
        expect(report).toMatchObject({ spans: 1, logs: 2, deadLetters: 1 });
        const lines = await store.reader.logs(
          { ...ranged, filter: filter('after', 'logs'), order: 'asc', limit: 5 },
          signal,
        );
        expect(lines.logs).toHaveLength(1);
      } finally {
        await store.close();
      }
    });

    it('keeps absurd times and empty requests without harm', async () => {
      const store = await open({ definitions: [] });
      try {
        const log = new LogOfRecords(T0_MS);
        log.spans(LIBRARY, [
          { traceId: traceId(1), spanId: spanId(1), name: 'dawn', startNano: 0n, endNano: 1n },
          {
            traceId: traceId(2),
            spanId: spanId(2),
            name: 'dusk',
            startNano: (1n << 63n) - 9n,
            endNano: (1n << 64n) - 1n,
          },
          { traceId: traceId(3), spanId: spanId(3), name: 'back', startNano: nano(5), endNano: nano(1) },
        ]);
        log.bytes(Signal.logs, new Uint8Array());
        await store.writer.write(log.records, signal);
        for (const id of [1, 2, 3]) expect((await store.reader.trace(traceId(id), signal))?.summary.spans).toBe(1);
        expect((await store.reader.trace(traceId(3), signal))?.summary.duration_ms).toBe(0);
      } finally {
        await store.close();
      }
    });
  });
}
