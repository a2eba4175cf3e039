import { afterAll, beforeAll, expect, test } from 'vitest';
import { openElasticsearchStore } from '../../../src/store/elasticsearch/open-elasticsearch-store.js';
import { filter } from '../../contract/store-under-test.js';
import { sharedServer } from './running-server.js';
import { NOON, RecordsGiven, serverSpan } from './telemetry-given.js';

const never = new AbortController().signal;
const INDEX = 'letters-spans-2026.11.21';
let es: Awaited<ReturnType<typeof sharedServer>>;

beforeAll(async () => {
  es = await sharedServer();
});
afterAll(() => es?.end());

test('a refused document is listed with its reason, shown, put back once its cause is mended, or dropped', async () => {
  // Somebody else's index is in the way: its name field is a number.
  await es.client.indices.create({ index: INDEX, mappings: { properties: { name: { type: 'long' } } } });
  const store = await openElasticsearchStore(es.config({ index_prefix: 'letters' }), {
    logDirectory: es.folder('letters'),
  });
  const record = new RecordsGiven().traces(
    { 'service.name': 'shop' },
    [0, 1, 2].map((i) => serverSpan(7, i)),
    NOON,
  );
  expect(await store.writer.write([record], never)).toMatchObject({ spans: 3, deadLetters: 3 });
  await es.refresh();

  const { letters } = store;
  expect(await letters.count(never)).toBe(3);
  expect([...(await letters.groups(never)).values()]).toEqual([3]);
  const first = await letters.page({ group: '', after: null, limit: 2 }, never);
  const rest = await letters.page({ group: '', after: first.next, limit: 2 }, never);
  const listed = [...first.letters, ...rest.letters];
  expect(new Set(listed.map(({ id }) => id)).size).toBe(3);
  expect(listed[0]).toMatchObject({ kind: 'document', about: 'spans', final: null });
  expect(listed[0]?.reason).toContain('long');
  expect(listed[0]?.place).toContain(INDEX);

  const [one, two, three] = listed.map(({ id }) => id) as [string, string, string];
  const shown = await letters.show(one, never);
  expect(shown?.content.text).toContain('"name": "GET /orders/');

  // The cause is still there: the letter stays.
  expect(await letters.replay(one, never)).toMatchObject({ outcome: 'refused' });
  expect(await letters.show(one, never)).not.toBeNull();

  // Mended: the next document finds an index as the template makes it.
  await es.client.indices.delete({ index: INDEX });
  expect(await letters.replay(one, never)).toMatchObject({ outcome: 'stored' });
  expect(await letters.replay(one, never)).toBeNull();
  expect(await letters.replay(two, never)).toMatchObject({ outcome: 'stored' });
  // What came by another way meanwhile is not stored a second time.
  await store.writer.write([record], never);
  expect(await letters.replay(three, never)).toMatchObject({ outcome: 'stored' });
  await es.refresh();
  expect(await letters.count(never)).toBe(0);
  const stored = await es.client.count({ index: INDEX });
  expect(stored.count).toBe(3);
  const trace = await store.reader.trace('8'.padStart(32, '0'), never);
  expect(trace?.columns.span_id).toHaveLength(3);
  const asked = {
    range: { from_ms: NOON - 3_600_000, to_ms: NOON + 3_600_000 },
    nowMs: NOON,
    environment: '',
    synthetic: 'include' as const,
  };
  const { services } = await store.reader.services(asked, never);
  expect(services.map(({ requests }) => requests)).toEqual([3]);
  await store.close();
});

test('a dropped letter is gone, and an unknown one is not there', async () => {
  await es.client.indices.create({
    index: 'drops-spans-2026.11.21',
    mappings: { properties: { name: { type: 'long' } } },
  });
  const store = await openElasticsearchStore(es.config({ index_prefix: 'drops' }), {
    logDirectory: es.folder('drops'),
  });
  await store.writer.write([new RecordsGiven().traces({ 'service.name': 'shop' }, [serverSpan(1, 1)], NOON)], never);
  await es.refresh();
  const { letters } = await store.letters.page({ group: '', after: null, limit: 10 }, never);
  const id = letters[0]?.id ?? '';
  expect(await store.letters.drop(id, never)).toBe(true);
  expect(await store.letters.drop(id, never)).toBe(false);
  expect(await store.letters.show(id, never)).toBeNull();
  expect(await store.letters.show('d-nonsense', never)).toBeNull();
  await es.refresh();
  expect(await store.letters.count(never)).toBe(0);
  await store.close();
});

/** Indices in the way of everything that records are merged into. */
const IN_THE_WAY = { red: 'service', edges: 'source', traces: 'root_service' };

async function blocked(prefix: string) {
  for (const [kind, field] of Object.entries(IN_THE_WAY)) {
    const properties = { [field]: { type: 'long' as const } };
    await es.client.indices.create({ index: `${prefix}-${kind}-2026.11.21`, mappings: { properties } });
  }
  const open = () => openElasticsearchStore(es.config({ index_prefix: prefix }), { logDirectory: es.folder(prefix) });
  const unblock = async () => {
    for (const kind of Object.keys(IN_THE_WAY))
      await es.client.indices.delete({ index: `${prefix}-${kind}-2026.11.21` });
  };
  return { open, unblock };
}

/** Requests, calls on the map and spans of the trace's summary. */
async function figures({ reader }: Awaited<ReturnType<typeof openElasticsearchStore>>) {
  await es.refresh();
  const range = { from_ms: NOON - 3_600_000, to_ms: NOON + 3_600_000 };
  const asked = { range, nowMs: NOON, environment: '', synthetic: 'include' as const };
  const { services } = await reader.services(asked, never);
  const { edges } = await reader.map(asked, never);
  const listed = await reader.traces(
    { ...asked, filter: filter('', 'traces'), sort: 'start', order: 'desc', limit: 10 },
    never,
  );
  return {
    requests: services.map(({ requests }) => requests),
    calls: edges.reduce((sum, { requests }) => sum + requests, 0),
    spans: listed.traces.map(({ spans }) => spans),
  };
}

const visits = (given: RecordsGiven, numbers: number[]) =>
  given.traces(
    { 'service.name': 'shop' },
    numbers.map((i) => serverSpan(7, i)),
    NOON,
  );

test('what a refusal took from figures, edges and summaries comes back, once, whatever was merged meanwhile', async () => {
  const { open, unblock } = await blocked('parts');
  const store = await open();
  const given = new RecordsGiven();
  expect((await store.writer.write([visits(given, [0, 1])], never)).deadLetters).toBeGreaterThanOrEqual(3);
  await unblock();
  await store.writer.write([visits(given, [2, 3, 4])], never);
  const before = await figures(store);
  expect(before).toMatchObject({ requests: [3], spans: [3] });
  expect(before.calls).toBe(3);

  const { letters } = await store.letters.page({ group: '', after: null, limit: 50 }, never);
  expect(new Set(letters.map(({ about }) => about))).toEqual(new Set(Object.keys(IN_THE_WAY)));
  const kept = await es.client.search({ index: 'parts-dead-letters', size: 50 });
  for (const { id, final } of letters) {
    expect(final).toBeNull();
    expect(await store.letters.replay(id, never)).toMatchObject({ outcome: 'stored' });
    expect(await store.letters.replay(id, never)).toBeNull();
  }
  const whole = { requests: [5], calls: 5, spans: [5] };
  expect(await figures(store)).toEqual(whole);

  // As if the process had ended before the letters were removed.
  for (const { _index, _id, _source } of kept.hits.hits) {
    await es.client.index({ index: _index, id: _id ?? '', document: _source, refresh: true });
  }
  for (const { id } of letters) expect(await store.letters.replay(id, never)).toMatchObject({ outcome: 'stored' });
  expect(await figures(store)).toEqual(whole);
  await store.close();
});

test('letters about merged documents are gone when their records come again, so that nothing counts twice', async () => {
  const { open, unblock } = await blocked('again');
  let store = await open();
  const record = visits(new RecordsGiven(), [0, 1]);
  await store.writer.write([record], never);
  await es.refresh();
  expect(await store.letters.count(never)).toBeGreaterThanOrEqual(3);
  await store.close();

  // As if the process had ended before its cursor was written.
  const { hits } = await es.client.search({ index: 'again-control' });
  for (const { _index, _id } of hits.hits) await es.client.delete({ index: _index, id: _id ?? '', refresh: true });
  await unblock();
  store = await open();
  const { letters } = await store.letters.page({ group: '', after: null, limit: 1 }, never);
  expect(await store.letters.replay(letters[0]?.id ?? '', never)).toMatchObject({ outcome: 'refused' });
  expect(await store.writer.cursor()).toBe(0);
  await es.refresh();
  expect(await store.letters.count(never)).toBe(0);
  await store.writer.write([record], never);
  expect(await figures(store)).toMatchObject({ requests: [2], spans: [2] });
  await store.close();
});
