import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LogRecord } from '../../../src/log/log-record.js';
import {
  type ElasticsearchStore,
  openElasticsearchStore,
} from '../../../src/store/elasticsearch/open-elasticsearch-store.js';
import { realServer } from './running-server.js';
import { NOON, RecordsGiven, serverSpan } from './telemetry-given.js';

const never = new AbortController().signal;
let es: Awaited<ReturnType<typeof realServer>>;

beforeAll(async () => {
  es = await realServer(21_410);
});
afterAll(() => es?.end());

/** Ten spans a record over traces that reach from record to record. */
function orders(count: number, receivedMs: (record: number) => number = () => NOON): LogRecord[] {
  const given = new RecordsGiven();
  return Array.from({ length: count }, (_, record) =>
    given.traces(
      { 'service.name': 'shop', 'service.instance.id': `i${record % 3}` },
      Array.from({ length: 10 }, (_, i) => serverSpan(Math.floor((record * 10 + i) / 25), record * 10 + i)),
      receivedMs(record),
    ),
  );
}

async function figures(store: ElasticsearchStore) {
  await es.refresh();
  const range = { from_ms: NOON - 3_600_000, to_ms: NOON + 3_600_000 };
  const asked = { range, nowMs: NOON, environment: '', synthetic: 'include' as const };
  const { services } = await store.reader.services(asked, never);
  const { traces } = await store.reader.traces(
    { ...asked, filter: { kind: 'all' }, sort: 'start', order: 'asc', limit: 500 },
    never,
  );
  const storage = await store.reader.storage(never);
  return {
    spans: storage.spans,
    requests: services.map((service) => [service.service, service.requests, service.errors]),
    traces: traces.length,
    spansOfTraces: traces.reduce((sum, trace) => sum + trace.spans, 0),
    errorsOfTraces: traces.reduce((sum, trace) => sum + trace.errors, 0),
  };
}

const expected = (records: number) => ({
  spans: records * 10,
  requests: [['shop', records * 10, records * 2]],
  traces: Math.ceil((records * 10) / 25),
  spansOfTraces: records * 10,
  errorsOfTraces: records * 2,
});

test('records that come again, cut into other batches, count once', async () => {
  const folder = es.folder('again');
  const config = es.config({ index_prefix: 'again' });
  const records = orders(40);
  const first = await openElasticsearchStore(config, { logDirectory: folder });
  await first.writer.write(records.slice(0, 7), never);
  await first.writer.write(records.slice(7, 25), never);
  // The same process, and then one that remembers nothing, see them again.
  await first.writer.write(records.slice(3, 30), never);
  await first.close();
  const second = await openElasticsearchStore(config, { logDirectory: folder });
  expect(await second.writer.cursor()).toBe(records[29]?.next);
  for (const record of records) await second.writer.write([record], never);
  expect(await figures(second)).toEqual(expected(40));
  expect(await second.writer.cursor()).toBe(records[39]?.next);
  await second.close();
});

test('a trace that goes on after its slice has changed stays one trace, whoever replays what', async () => {
  const config = es.config({ index_prefix: 'midnight', slice_minutes: 60 });
  const folder = es.folder('midnight');
  // Records 0–9 arrive before the hour, the others after it; traces reach over it.
  const records = orders(20, (record) => NOON + (record < 9 ? -1000 : 1000));
  for (const cut of [20, 3, 1]) {
    const store = await openElasticsearchStore(config, { logDirectory: folder });
    for (let from = 0; from < 20; from += cut) await store.writer.write(records.slice(from, from + cut), never);
    expect(await figures(store)).toEqual(expected(20));
    await store.close();
  }
});

test('two collectors share the cluster: equal positions of different logs are different spans', async () => {
  const config = es.config({ index_prefix: 'two' });
  const stores = await Promise.all(
    ['one', 'two'].map((name) => openElasticsearchStore(config, { logDirectory: es.folder(name) })),
  );
  const records = orders(30);
  await Promise.all(stores.map((store) => store.writer.write(records, never)));
  const [store] = stores as [ElasticsearchStore, ElasticsearchStore];
  expect(await figures(store)).toEqual({ ...expected(60), traces: 12 });
  await Promise.all(stores.map((one) => one.close()));
});

// The server starts twice here, which takes a busy machine its time.
test('a server that is killed in the middle of bulks loses nothing and doubles nothing', async () => {
  const config = es.config({ index_prefix: 'killed', bulk_bytes: 64 * 1024 });
  const folder = es.folder('killed');
  const records = orders(600);
  let store = await openElasticsearchStore(config, { logDirectory: folder });
  let written = 0;
  const writing = (async () => {
    while (written < records.length) {
      const batch = records.slice(written, written + 20);
      await store.writer.write(batch, never).then(
        () => (written += batch.length),
        (error: { retryable?: boolean }) => expect(error.retryable).toBe(true),
      );
    }
  })();
  await expect.poll(() => written, { timeout: 60_000, interval: 20 }).toBeGreaterThan(100);
  await es.server.kill('SIGKILL');
  const atKill = written;
  expect((await store.health()).ok).toBe(false);
  await es.startAgain();
  await writing;
  expect(atKill).toBeLessThan(records.length);
  expect((await store.health()).ok).toBe(true);
  // A collector that was killed after storing and before its cursor sees the tail once more.
  await store.close();
  store = await openElasticsearchStore(config, { logDirectory: folder });
  await store.writer.write(records.slice(-60), never);
  const { spans, requests } = await figures(store);
  expect(spans).toBe(6000);
  expect(requests).toEqual([['shop', 6000, 1200]]);
  const { documents, spansOfTraces } = await summaries('killed');
  expect(documents).toBe(240);
  expect(spansOfTraces).toBe(6000);
  await store.close();
}, 240_000);

async function summaries(prefix: string) {
  const { hits } = await es.client.search<{ spans: number }>({ index: `${prefix}-traces`, size: 10_000 });
  return {
    documents: hits.hits.length,
    spansOfTraces: hits.hits.reduce((sum, hit) => sum + (hit._source?.spans ?? 0), 0),
  };
}

test('writing is called off at once, and what was begun is written once later', async () => {
  const config = es.config({ index_prefix: 'called-off', bulk_bytes: 64 * 1024 });
  const folder = es.folder('called-off');
  const records = orders(100);
  const store = await openElasticsearchStore(config, { logDirectory: folder });
  const controller = new AbortController();
  const writing = store.writer.write(records, controller.signal);
  controller.abort(new Error('enough'));
  await expect(writing).rejects.toThrow('enough');
  await store.writer.write(records, never);
  expect(await figures(store)).toEqual(expected(100));
  await store.close();
});
