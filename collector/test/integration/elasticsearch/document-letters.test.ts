import { afterAll, beforeAll, expect, test } from 'vitest';
import { openElasticsearchStore } from '../../../src/store/elasticsearch/open-elasticsearch-store.js';
import { realServer } from './running-server.js';
import { NOON, RecordsGiven, serverSpan } from './telemetry-given.js';

const never = new AbortController().signal;
const INDEX = 'letters-spans-2026.11.21';
let es: Awaited<ReturnType<typeof realServer>>;

beforeAll(async () => {
  es = await realServer();
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
