import { afterAll, beforeAll, expect, test } from 'vitest';
import { Signal } from '../../../src/log/log-record.js';
import { IndexNames } from '../../../src/store/elasticsearch/indices.js';
import { mappingOf } from '../../../src/store/elasticsearch/mappings.js';
import { openElasticsearchStore } from '../../../src/store/elasticsearch/open-elasticsearch-store.js';
import { deleteOldSlices } from '../../../src/store/elasticsearch/retention.js';
import { TEMPLATE_VERSION } from '../../../src/store/elasticsearch/templates.js';
import { filter } from '../../contract/store-under-test.js';
import { encodeLogs, encodeMetrics } from '../../fixtures/otlp-encoder.js';
import { sharedServer } from './running-server.js';
import { NOON, nano, RecordsGiven, serverSpan } from './telemetry-given.js';

const never = new AbortController().signal;
let es: Awaited<ReturnType<typeof sharedServer>>;

beforeAll(async () => {
  es = await sharedServer();
});
afterAll(() => es?.end());

function spans(given: RecordsGiven, count: number, attributes = {}, receivedMs = NOON) {
  return given.traces(
    { 'service.name': 'shop' },
    Array.from({ length: count }, (_, i) => serverSpan(i, i, { attributes })),
    receivedMs,
  );
}

test('a thousand new attribute names a request neither fail a write nor get lost', async () => {
  const config = es.config({ index_prefix: 'names', attribute_fields: 50 });
  const given = new RecordsGiven();
  const attributes = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`key.${i}`, i]));
  // Twice with a writer that knows nothing of the other's fields: the budget holds over restarts.
  for (const turn of [0, 1]) {
    const store = await openElasticsearchStore(config, { logDirectory: es.folder('names') });
    const more =
      turn === 0 ? attributes : Object.fromEntries(Object.keys(attributes).map((key) => [`more.${key}`, 'x']));
    expect((await store.writer.write([spans(given, 2, more)], never)).deadLetters).toBe(0);
    await store.close();
  }
  const mapping = await es.client.indices.getMapping({ index: 'names-spans' });
  const fields = Object.values(mapping)[0]?.mappings.properties?.['attributes'] as { properties: object };
  expect(Object.keys(fields.properties).filter((name) => /^(?:str|num)\./.test(name))).toHaveLength(50);
});

test('values of a name without a field of its own are found among a thousand of others; what a list leaves out, it says', async () => {
  const config = es.config({ index_prefix: 'caps', attribute_fields: 0 });
  const store = await openElasticsearchStore(config, { logDirectory: es.folder('caps') });
  const given = new RecordsGiven();
  const crowd = Array.from({ length: 1000 }, (_, i) => serverSpan(i, i, { attributes: { crowd: `c${i}` } }));
  const few = [
    serverSpan(1, 2000, { attributes: { zone: 'north.1' } }),
    serverSpan(1, 2001, { attributes: { zone: 'south' } }),
  ];
  const metric = { name: 'visits', gauge: [{ timeNano: nano(NOON), value: 1 }] };
  const gauges = Array.from({ length: 101 }, (_, i) =>
    given.record(Signal.metrics, encodeMetrics({ 'service.name': `shop-${i}` }, [metric])),
  );
  await store.writer.write([given.traces({ 'service.name': 'shop' }, [...crowd, ...few]), ...gauges], never);
  await es.refresh();
  const asked = { range: { from_ms: NOON - 3_600_000, to_ms: NOON + 3_600_000 }, nowMs: NOON, environment: '' };
  const values = (field: string, prefix: string) =>
    store.reader.fieldValues(
      { ...asked, signal: 'spans', field, prefix, limit: 10, filter: filter('', 'spans'), synthetic: 'include' },
      never,
    );
  expect(await values('zone', '')).toMatchObject({
    values: [{ value: 'north.1' }, { value: 'south' }],
    truncated: false,
  });
  expect((await values('zone', 'north.')).values.map(({ value }) => value)).toEqual(['north.1']);
  expect(await values('crowd', 'c9')).toMatchObject({ truncated: true });
  const listed = await store.reader.metrics({ ...asked, search: '', service: '', overflow: 'include' }, never);
  expect(listed.metrics[0]?.services).toHaveLength(100);
  expect(listed.truncated).toBe(true);
  await store.close();
});

test('templates of a newer version are left alone, and said to be so', async () => {
  const config = es.config({ index_prefix: 'newer' });
  await es.client.indices.putIndexTemplate({
    name: 'newer-spans',
    index_patterns: ['newer-spans-*'],
    priority: 500,
    _meta: { orrery: { version: TEMPLATE_VERSION + 1 } },
  });
  const store = await openElasticsearchStore(config, { logDirectory: es.folder('newer') });
  await expect(store.writer.write([spans(new RecordsGiven(), 1)], never)).rejects.toMatchObject({
    code: 'format_newer',
    retryable: false,
  });
  const { index_templates } = await es.client.indices.getIndexTemplate({ name: 'newer-spans' });
  expect(index_templates[0]?.index_template._meta).toEqual({ orrery: { version: TEMPLATE_VERSION + 1 } });
  await store.close();
});

test('templates of an older version are brought up to date in place; what they made already stays and is written to', async () => {
  const config = es.config({ index_prefix: 'older' });
  const older = { index_patterns: ['older-spans-*'], priority: 500, _meta: { orrery: { version: 0 } } };
  await es.client.indices.putIndexTemplate({
    name: 'older-spans',
    ...older,
    template: { aliases: { 'older-spans': {} }, mappings: mappingOf('spans') },
  });
  await es.client.indices.create({ index: 'older-spans-2026.11.20' });
  const store = await openElasticsearchStore(config, { logDirectory: es.folder('older') });
  const given = new RecordsGiven();
  const records = [spans(given, 2, {}, NOON - 86_400_000), spans(given, 3)];
  expect(await store.writer.write(records, never)).toMatchObject({ spans: 5, deadLetters: 0 });
  const { index_templates } = await es.client.indices.getIndexTemplate({ name: 'older-spans' });
  expect(index_templates[0]?.index_template._meta).toEqual({ orrery: { version: TEMPLATE_VERSION } });
  await es.refresh();
  expect((await store.reader.storage(never)).spans).toBe(5);
  await store.close();
});

test('the indices of a slice are there before anything comes for it, and count as a slice only then', async () => {
  const hour = 3_600_000;
  const config = es.config({ index_prefix: 'ahead', slice_minutes: 60 });
  const store = await openElasticsearchStore(config, { logDirectory: es.folder('ahead'), now: () => NOON });
  await store.prepare(never);
  const spanIndices = async () => Object.keys(await es.client.indices.get({ index: 'ahead-spans-*' })).toSorted();
  expect(await spanIndices()).toEqual(['ahead-spans-2026.11.21.12']);
  await store.retain(NOON + hour / 2, never);
  expect(await spanIndices()).toHaveLength(1);
  await store.retain(NOON + hour - 60_000, never);
  expect(await spanIndices()).toEqual(['ahead-spans-2026.11.21.12', 'ahead-spans-2026.11.21.13']);
  expect((await store.reader.storage(never)).slices).toBe(0);
  await store.writer.write([spans(new RecordsGiven(), 1, {}, NOON + hour)], never);
  await es.refresh();
  expect((await store.reader.storage(never)).slices).toBe(1);
  await store.close();
});

test('retention deletes whole slices, by age, by signal and by size', async () => {
  const names = new IndexNames('old', 24 * 60);
  const day = 86_400_000;
  const nowMs = NOON + 3 * day;
  const store = await openElasticsearchStore(es.config({ index_prefix: 'old' }), {
    logDirectory: es.folder('old'),
    now: () => nowMs,
  });
  const given = new RecordsGiven();
  const metric = { name: 'visits', gauge: [{ timeNano: nano(NOON), value: 1 }] };
  const records = [0, 1, 2, 3].flatMap((days) => [
    spans(given, 1, {}, NOON + days * day),
    given.record(
      Signal.logs,
      encodeLogs({ 'service.name': 'shop' }, [{ timeNano: nano(NOON), body: 'sold' }]),
      NOON + days * day,
    ),
    given.record(Signal.metrics, encodeMetrics({ 'service.name': 'shop' }, [metric]), NOON + days * day),
  ]);
  await store.writer.write(records, never);
  const none = { retention: {}, retention_hours: 0, retention_bytes: 0 };
  const deleted = async (retention: Partial<typeof none> & { retention?: Record<string, number> }) =>
    (await deleteOldSlices(es.client, names, { ...none, ...retention }, nowMs, never)).toSorted();
  const all = ['edges', 'logs', 'metrics', 'red', 'spans', 'traces'];
  expect(await deleted({ retention_hours: 48 })).toEqual(all.map((kind) => `old-${kind}-2026.11.21`));
  expect(await deleted({ retention_hours: 48 })).toEqual([]);
  await es.refresh();
  expect(await store.reader.storage(never)).toMatchObject({ spans: 3, logs: 3, metricPoints: 3 });
  // A signal may go earlier than the others, and than the figures that were made of it.
  expect(await deleted({ retention: { traces_hours: 24 } })).toEqual(['old-spans-2026.11.22', 'old-traces-2026.11.22']);
  expect(await deleted({ retention: { logs_hours: 24 } })).toEqual(['old-logs-2026.11.22']);
  expect(await deleted({ retention: { metrics_hours: 1 } })).toEqual([
    'old-metrics-2026.11.22',
    'old-metrics-2026.11.23',
  ]);
  // By size: the oldest slice goes first, whole, and no more than has to; the present one stays though it is too large.
  const stats = await es.client.indices.stats({ index: 'old-*-2026*', metric: 'store' });
  const bytes = stats._all.primaries?.store?.size_in_bytes ?? 0;
  expect(await deleted({ retention_bytes: bytes - 1 })).toEqual(['old-edges-2026.11.22', 'old-red-2026.11.22']);
  expect(await deleted({ retention_bytes: 1 })).toEqual(
    all.filter((kind) => kind !== 'metrics').map((kind) => `old-${kind}-2026.11.23`),
  );
  expect(await store.reader.storage(never)).toMatchObject({ spans: 1, logs: 1, metricPoints: 1 });
  await store.close();
});

test('questions to a cluster that holds nothing yet are answered with nothing', async () => {
  const store = await openElasticsearchStore(es.config({ index_prefix: 'empty' }));
  const range = { from_ms: NOON, to_ms: NOON + 1000 };
  const asked = {
    range,
    nowMs: NOON,
    environment: '',
    synthetic: 'exclude' as const,
    filter: { kind: 'all' as const },
  };
  const { reader } = store;
  expect((await reader.services(asked, never)).services).toEqual([]);
  expect((await reader.map(asked, never)).nodes).toEqual([]);
  expect((await reader.traces({ ...asked, sort: 'start', order: 'desc', limit: 5 }, never)).traces).toEqual([]);
  expect((await reader.logHistogram(asked, never)).total).toBe(0);
  expect(await reader.storage(never)).toMatchObject({ spans: 0, oldest: null });
  expect((await reader.logsSince({ ...asked, after: null, limit: 5 }, never)).logs).toEqual([]);
  const aggregate = {
    ...asked,
    signal: 'spans' as const,
    measures: [{ op: 'count' as const }],
    group_by: ['x'],
    step_ms: 0,
    limit: 5,
  };
  expect((await reader.aggregate(aggregate, never)).groups).toEqual([]);
  await expect(store.writer.write([], never)).rejects.toMatchObject({ code: 'store_cannot' });
  await store.close();
});
