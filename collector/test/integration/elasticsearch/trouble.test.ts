import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Signal } from '../../../src/log/log-record.js';
import { ElasticsearchConfig } from '../../../src/store/elasticsearch/config.js';
import { IndexNames } from '../../../src/store/elasticsearch/indices.js';
import { mappingOf } from '../../../src/store/elasticsearch/mappings.js';
import { openElasticsearchStore } from '../../../src/store/elasticsearch/open-elasticsearch-store.js';
import { deleteOldSlices } from '../../../src/store/elasticsearch/retention.js';
import { TEMPLATE_VERSION } from '../../../src/store/elasticsearch/templates.js';
import { FaultyProxy } from '../../../torture/elasticsearch/faulty-proxy.js';
import { Random } from '../../../torture/fuzz/random.js';
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

test.each([
  // Somebody else's index is in the way: its name field is a number, or it takes no more fields.
  ['a mapping conflict', 'conflict', { mappings: { properties: { name: { type: 'long' as const } } } }, 'type [long]'],
  [
    'a field limit',
    'limit',
    { settings: { mapping: { total_fields: { limit: 100 } } } },
    'Limit of total fields [100]',
  ],
])(
  '%s: what is refused for good is set aside with its reason, and holds nothing up',
  async (_, what, index, reason) => {
    const prefix = `refused-${what}`;
    await es.client.indices.create({ index: `${prefix}-spans-2026.11.21`, ...index });
    const store = await openElasticsearchStore(es.config({ index_prefix: prefix }), {
      logDirectory: es.folder(prefix),
    });
    const given = new RecordsGiven();
    const many = Object.fromEntries(Array.from({ length: 100 }, (_unused, n) => [`shelf.${n}`, n]));
    const metric = { name: 'visits', gauge: [{ timeNano: nano(NOON), value: 1 }] };
    const records = [
      spans(given, 3, many),
      given.record(Signal.metrics, encodeMetrics({ 'service.name': 'shop' }, [metric])),
      spans(given, 2, {}, NOON + 86_400_000),
    ];
    const report = { spans: 5, metricPoints: 1, deadLetters: 3 };
    expect(await store.writer.write(records, never)).toMatchObject(report);
    expect(await store.writer.cursor()).toBe(records.at(-1)?.next);
    await store.writer.write(records, never);
    await es.refresh();
    expect(await store.reader.storage(never)).toMatchObject({ spans: 2, metricPoints: 1, deadLetters: 3 });
    const { hits } = await es.client.search<{ reason: string; document: string }>({ index: `${prefix}-dead-letters` });
    expect(hits.hits).toHaveLength(3);
    for (const { _source } of hits.hits) {
      expect(_source?.reason).toContain(reason);
      expect(_source?.document).toContain('"name":"GET /orders/');
    }
    await store.close();
  },
);

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

test('429 and 503, of a request or of single documents, are waited out; only those documents are sent again', async () => {
  const proxy = await tiredProxy(es.url);
  const config = ElasticsearchConfig.parse({ url: proxy.url, index_prefix: 'tired', retention_hours: 0 });
  const store = await openElasticsearchStore(config, { logDirectory: es.folder('tired') });
  const report = await store.writer.write([spans(new RecordsGiven(), 50)], never);
  expect(report).toMatchObject({ spans: 50, deadLetters: 0 });
  expect(proxy.bulks[0]).toBe(50);
  // Refused whole, then every third document, then the rest of them.
  expect(proxy.bulks.slice(1, 4)).toEqual([50, 50, 17]);
  expect(proxy.waitedMs).toBeGreaterThanOrEqual(1000);
  await es.refresh();
  expect((await store.reader.storage(never)).spans).toBe(50);
  await store.close();
  await proxy.end();
});

test.each(['429', '503'] as const)(
  'while the cluster answers %s the store says so, and no longer once it takes documents',
  async (fault) => {
    const proxy = new FaultyProxy(() => es.url, new Random(1), 1);
    const config = ElasticsearchConfig.parse({
      url: await proxy.listen(),
      index_prefix: `says-${fault}`,
      retention_hours: 0,
    });
    const store = await openElasticsearchStore(config, { logDirectory: es.folder(`says-${fault}`) });
    const given = new RecordsGiven();
    // The first one makes what a write needs besides its documents.
    await store.writer.write([spans(given, 1)], never);
    expect(store.trouble()).toBeNull();
    proxy.fault = fault;
    const written = store.writer.write([spans(given, 2)], never);
    await expect.poll(() => store.trouble(), { timeout: 20_000 }).toBe(`Elasticsearch answers ${fault} while writing.`);
    proxy.fault = null;
    expect(await written).toMatchObject({ spans: 2, deadLetters: 0 });
    expect(store.trouble()).toBeNull();
    await store.close();
    await proxy.close();
  },
);

test.each([
  ['of a full disk', 'read_only_allow_delete', '429'],
  ['that somebody made', 'write', '403'],
] as const)('a block %s is waited out and told, whatever it is in the way of', async (_, block, status) => {
  const prefix = `blocked-${status}`;
  const store = await openElasticsearchStore(es.config({ index_prefix: prefix }), { logDirectory: es.folder(prefix) });
  const given = new RecordsGiven();
  await store.writer.write([spans(given, 1)], never);
  const setBlock = (kind: string, value: boolean | null) =>
    es.client.indices.putSettings({ index: `${prefix}-${kind}`, settings: { blocks: { [block]: value } } });

  await setBlock('spans-*', true);
  const written = store.writer.write([spans(given, 2)], never);
  await expect.poll(() => store.trouble(), { timeout: 20_000 }).toContain('cluster_block_exception');
  await setBlock('spans-*', null);
  expect(await written).toMatchObject({ spans: 2, deadLetters: 0 });
  expect(store.trouble()).toBeNull();

  // Here a whole request is refused, and the tail comes again with the same records.
  const records = [spans(given, 4)];
  await setBlock('control', true);
  await expect(store.writer.write(records, never)).rejects.toMatchObject({
    code: 'store_unavailable',
    retryable: true,
    message: expect.stringContaining('a block in the way') as string,
  });
  await setBlock('control', null);
  await store.writer.write(records, never);
  await es.refresh();
  expect((await store.reader.storage(never)).spans).toBe(7);
  await store.close();
});

test('a cluster that is away is said to be away, without the password', async () => {
  const config = ElasticsearchConfig.parse({ url: 'http://127.0.0.1:21499', username: 'u', password: 'very-secret' });
  const store = await openElasticsearchStore(config, { logDirectory: es.folder('away') });
  const health = await store.health();
  expect(health).toMatchObject({ ok: false });
  expect(health.sentence).toContain('does not answer');
  const failure = await store.writer.write([spans(new RecordsGiven(), 1)], never).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'store_unavailable', retryable: true });
  expect(`${String(failure)}${JSON.stringify(failure)}${health.sentence}`).not.toContain('very-secret');
  await store.close();
});

test('a write that waited behind one that failed does not take the cursor past it', async () => {
  const given = new RecordsGiven();
  const records = [spans(given, 2), spans(given, 2)];
  const proxy = await tiredProxy(es.url);
  const config = ElasticsearchConfig.parse({ url: proxy.url, index_prefix: 'behind', retention_hours: 0 });
  const store = await openElasticsearchStore(config, { logDirectory: es.folder('behind') });
  const controller = new AbortController();
  const first = store.writer.write(records.slice(0, 1), controller.signal);
  const second = store.writer.write(records.slice(1), never);
  controller.abort(new Error('the first one fails'));
  await expect(first).rejects.toThrow('the first one fails');
  await expect(second).rejects.toMatchObject({ code: 'store_unavailable', retryable: true });
  expect(await store.writer.cursor()).toBe(0);
  await store.writer.write(records, never);
  expect(await store.writer.cursor()).toBe(records[1]?.next);
  await store.close();
  await proxy.end();
});

/** Passes everything on, but answers the first bulk with 429, the second with 503, and of the third every third document. */
async function tiredProxy(target: string) {
  const bulks: number[] = [];
  let refusedAt = 0;
  let waitedMs = 0;
  const server: Server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      void (async () => {
        const body = Buffer.concat(parts);
        const headers = {
          'content-type': 'application/vnd.elasticsearch+json;compatible-with=8',
          'x-elastic-product': 'Elasticsearch',
        };
        const isBulk = /\/_bulk(?:\?|$)/.test(request.url ?? '');
        if (isBulk) bulks.push(body.toString().split('\n').length >> 1);
        if (isBulk && bulks.length === 1) {
          refusedAt = Date.now();
          response.writeHead(429, { ...headers, 'retry-after': '1' }).end('{}');
          return;
        }
        if (isBulk && bulks.length === 2) {
          waitedMs = Date.now() - refusedAt;
          response.writeHead(503, headers).end('{}');
          return;
        }
        const lines = body.toString().split('\n');
        const tired = isBulk && bulks.length === 3;
        const kept = tired ? lines.filter((_, line) => (line >> 1) % 3 !== 0) : lines;
        const answer = await fetch(target + (request.url ?? ''), {
          method: request.method ?? 'GET',
          headers: {
            accept: request.headers.accept ?? '*/*',
            'content-type': request.headers['content-type'] ?? 'application/json',
          },
          ...(body.length > 0 ? { body: kept.join('\n') + (tired ? '\n' : '') } : {}),
        });
        let text = await answer.text();
        if (tired) {
          const { items } = JSON.parse(text) as { items: object[] };
          const all = Array.from({ length: lines.length >> 1 }, (_, place) =>
            place % 3 === 0
              ? { create: { status: 429, error: { type: 'es_rejected_execution_exception' } } }
              : items.shift(),
          );
          text = JSON.stringify({ errors: true, items: all });
        }
        response.writeHead(answer.status, headers).end(text);
      })();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bulks,
    get waitedMs() {
      return waitedMs;
    },
    end: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
