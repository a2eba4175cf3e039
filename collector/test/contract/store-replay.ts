import { describe, expect, it } from 'vitest';
import { type LogRecord, Signal } from '../../src/log/log-record.js';
import { LogOfRecords } from '../fixtures/log-of-records.js';
import {
  nano,
  type OpenStore,
  ranged,
  type StoreUnderTest,
  signal,
  spanId,
  T0_MS,
  traceId,
} from './store-under-test.js';

const MUSEUM = { 'service.name': 'museum' };

/** Visits, two spans each, of which the first is the root. */
function visits(count: number): LogRecord[] {
  const log = new LogOfRecords(T0_MS);
  for (let n = 1; n <= count; n++) {
    const visit = (at: number, parent: object, kind: number) => ({
      traceId: traceId(n),
      spanId: spanId(n * 10 + at),
      ...parent,
      name: at === 0 ? 'GET /tour' : 'look',
      kind,
      startNano: nano(n * 1000),
      endNano: nano(n * 1000 + 20),
    });
    log.spans(MUSEUM, [visit(0, {}, 2), visit(1, { parentSpanId: spanId(n * 10) }, 1)]);
  }
  return log.records;
}

async function figures({ reader }: StoreUnderTest) {
  const question = { ...ranged, synthetic: 'include' as const };
  const [storage, services, trace] = [
    await reader.storage(signal),
    await reader.services(question, signal),
    await reader.trace(traceId(5), signal),
  ];
  return {
    spans: storage.spans,
    requests: services.services.map(({ service, requests }) => [service, requests]),
    trace: trace?.summary.spans,
  };
}

export function describeReplay(open: OpenStore): void {
  describe('what was set aside', () => {
    it('counts once when it is replayed, however often, over restarts and whatever of its log came after it', async () => {
      let store = await open({ definitions: [] });
      try {
        const records = visits(10);
        const missing = records[4] as LogRecord;
        // As the tail moves on past a record that is set aside.
        const passed = records.map((record) => (record === missing ? { ...record, body: new Uint8Array() } : record));
        await store.writer.write(passed, signal);
        expect((await figures(store)).spans).toBe(18);
        const cursor = await store.writer.cursor();

        expect(await store.replay(missing)).toEqual({ stored: true });
        const whole = { spans: 20, requests: [['museum', 10]], trace: 2 };
        expect(await figures(store)).toEqual(whole);
        expect(await store.replay(missing)).toEqual({ stored: true });
        store = await store.reopen();
        expect(await store.replay(missing)).toEqual({ stored: true });
        expect(await store.writer.cursor()).toBe(cursor);
        await store.writer.write(records, signal);
        expect(await figures(store)).toEqual(whole);
      } finally {
        await store.close();
      }
    });

    it('stays set aside when it still can not be read', async () => {
      const store = await open({ definitions: [] });
      try {
        const [record] = new LogOfRecords(T0_MS).bytes(Signal.traces, Buffer.from('this is no protobuf')).records;
        expect(await store.replay(record as LogRecord)).toEqual({ stored: false });
        await store.writer.write(visits(1), signal);
        expect((await figures(store)).spans).toBe(2);
      } finally {
        await store.close();
      }
    });
  });
}
