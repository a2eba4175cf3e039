import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Signal } from '../../../src/log/log-record.js';
import { ElasticsearchConfig } from '../../../src/store/elasticsearch/config.js';
import { openElasticsearchStore } from '../../../src/store/elasticsearch/open-elasticsearch-store.js';
import { FaultyProxy } from '../../../torture/elasticsearch/faulty-proxy.js';
import { Random } from '../../../torture/fuzz/random.js';
import { encodeMetrics } from '../../fixtures/otlp-encoder.js';
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
