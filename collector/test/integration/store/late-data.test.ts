import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DeadLetters } from '../../../src/store/dead-letters.js';
import { type DuckdbStore, openDuckdbStore } from '../../../src/store/duckdb/open-duckdb-store.js';
import { filter } from '../../contract/store-under-test.js';
import { LogOfRecords } from '../../fixtures/log-of-records.js';

const signal = new AbortController().signal;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const NOW_MS = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
/** Hours of receipt before now; what came in each happened then, long before, or is still to happen. */
const HOURS = 8;
const OFFSETS_MS = [0, -5 * HOUR_MS, 48 * HOUR_MS];
const HEATER = { 'service.name': 'heater', 'deployment.environment.name': 'greenhouse' };

interface Event {
  traceId: string;
  startMs: number;
}

let directory = '';
let store: DuckdbStore;
const events: Event[] = [];
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'orrery-late-'));
  store = await openDuckdbStore({
    dataDirectory: directory,
    deadLetters: await DeadLetters.open(path.join(directory, 'quarantine')),
    definitions: () => [],
  });
  const log = new LogOfRecords(0);
  for (let hour = HOURS; hour >= 0; hour--) {
    const receivedMs = NOW_MS - hour * HOUR_MS + 30 * MINUTE_MS;
    for (const [at, offsetMs] of OFFSETS_MS.entries()) {
      const startMs = receivedMs + offsetMs;
      const traceId = (hour * 10 + at + 1).toString(16).padStart(32, 'e');
      const spanId = traceId.slice(16);
      const startNano = BigInt(startMs) * 1_000_000n;
      const attributes = { 'correlation.id': `bed-${hour}-${at}`, 'http.route': '/warm', 'db.system.name': 'sqlite' };
      const span = { traceId, spanId, name: 'warm', startNano, endNano: startNano + 7_000_000n, attributes };
      log.receivedAt(receivedMs);
      log.spans(HEATER, [
        { ...span, kind: 2 },
        { ...span, kind: 3, spanId: `f${spanId.slice(1)}`, parentSpanId: spanId },
      ]);
      log.logs(HEATER, [{ traceId, spanId, timeNano: startNano, severity: 13, body: `frost ${traceId}` }]);
      log.metrics(HEATER, [{ name: 'frost', gauge: [{ timeNano: startNano, value: 1 }] }]);
      events.push({ traceId, startMs });
    }
  }
  await store.writer.write(log.records, signal);
  // The last two hours stay as they were written.
  await store.retain(NOW_MS - HOUR_MS / 2);
});
afterAll(async () => {
  await store.close();
  await rm(directory, { recursive: true, force: true });
});

const all = { kind: 'all' as const };
const include = 'include' as const;

describe.each([
  ['the hour before last', -HOUR_MS],
  ['an hour for which all came late', -12 * HOUR_MS],
  ['an hour of which some came in time and some late', -5 * HOUR_MS],
  ['an hour that is still to come', 44 * HOUR_MS],
])('in %s', (_, offsetMs) => {
  const range = { from_ms: NOW_MS + offsetMs, to_ms: NOW_MS + offsetMs + HOUR_MS };
  const asked = { range, nowMs: NOW_MS, environment: '', filter: all, synthetic: include };
  const expected = () => events.filter(({ startMs }) => startMs >= range.from_ms && startMs < range.to_ms);
  const ids = (found: Event[]) => found.map(({ traceId }) => traceId).sort();
  const requests = (found: { service?: string; requests: number }[]) => found.map((one) => one.requests);

  it('lists and histograms hold what happened then', async () => {
    const wanted = ids(expected());
    expect(wanted.length).toBeGreaterThan(0);
    for (const sort of ['start', 'duration', 'spans', 'errors'] as const) {
      for (const order of ['asc', 'desc'] as const) {
        const { traces } = await store.reader.traces({ ...asked, sort, order, limit: 100 }, signal);
        expect(traces.map(({ trace_id }) => trace_id).sort(), `${sort} ${order}`).toEqual(wanted);
      }
    }
    expect((await store.reader.traceHistogram(asked, signal)).total).toBe(wanted.length);
    const { logs } = await store.reader.logs({ ...asked, order: 'asc', limit: 100 }, signal);
    expect(logs.map(({ trace_id }) => trace_id).sort()).toEqual(wanted);
    expect((await store.reader.logHistogram(asked, signal)).total).toBe(wanted.length);
    const counted = { ...asked, measures: [{ op: 'count' as const }], group_by: [], step_ms: 0, limit: 9 };
    const { groups } = await store.reader.aggregate({ ...counted, signal: 'spans' }, signal);
    expect(groups[0]?.values).toEqual([wanted.length * 2]);
    const { values } = await store.reader.fieldValues(
      { ...asked, signal: 'spans', field: 'correlation_id', prefix: '', limit: 100 },
      signal,
    );
    expect(values).toHaveLength(wanted.length);
    const { fields } = await store.reader.fields({ ...asked, signal: 'logs' }, signal);
    expect(fields.map(({ name }) => name)).toContain('service.name');
    expect(
      (await store.reader.metrics({ ...asked, search: '', service: '', overflow: 'include' }, signal)).metrics,
    ).toHaveLength(1);
    const metric = { ...asked, name: 'frost', group_by: [], aggregate: 'sum' as const, step_ms: HOUR_MS, limit: 9 };
    expect((await store.reader.metricQuery(metric, signal)).series).toHaveLength(1);
  });

  it('first screens count what happened then', async () => {
    const count = expected().length;
    expect(requests((await store.reader.services(asked, signal)).services)).toEqual([count]);
    const detail = await store.reader.service({ ...asked, service: 'heater' }, signal);
    expect(requests(detail?.operations ?? [])).toEqual([count]);
    const { nodes, edges } = await store.reader.map(asked, signal);
    expect(nodes.find(({ id }) => id === 'service:heater')?.requests).toBe(count);
    expect(requests(edges.filter(({ target }) => target.startsWith('database:')))).toEqual([count]);
  });
});

describe('over days', () => {
  const range = { from_ms: NOW_MS - 20 * HOUR_MS, to_ms: NOW_MS + 60 * HOUR_MS };
  const asked = { range, nowMs: NOW_MS, environment: '', synthetic: include };

  it.each(['asc', 'desc'] as const)(
    'pages of traces (%s) are in the order in which they began, each once',
    async (order) => {
      const found: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await store.reader.traces(
          { ...asked, filter: all, sort: 'start', order, limit: 4, ...(cursor === undefined ? {} : { cursor }) },
          signal,
        );
        found.push(...page.traces.map(({ trace_id }) => trace_id));
        cursor = page.next_cursor ?? undefined;
      } while (cursor !== undefined);
      const sign = order === 'asc' ? 1 : -1;
      const wanted = events.toSorted((a, b) => sign * (a.startMs - b.startMs || (a.traceId < b.traceId ? -1 : 1)));
      expect(found).toEqual(wanted.map(({ traceId }) => traceId));
    },
  );

  it('figures by the hour and by the minute say the same', async () => {
    const { services } = await store.reader.services(asked, signal);
    expect(services.map(({ requests }) => requests)).toEqual([events.length]);
    const series = services[0]?.series.requests ?? [];
    expect(series.reduce((sum, count) => sum + count, 0)).toBe(events.length);
    const odd = { from_ms: range.from_ms + 7 * MINUTE_MS, to_ms: range.to_ms - 13 * MINUTE_MS };
    const within = events.filter(({ startMs }) => startMs >= odd.from_ms && startMs < odd.to_ms);
    const some = await store.reader.services({ ...asked, range: odd }, signal);
    expect(some.services.map(({ requests }) => requests)).toEqual([within.length]);
    const map = await store.reader.map({ ...asked, range: odd }, signal);
    expect(map.edges.filter(({ target }) => target.startsWith('database:')).map(({ requests }) => requests)).toEqual([
      within.length,
    ]);
  });

  it('a correlation id leads to its trace, and an unknown one to none', async () => {
    const of = async (text: string) => {
      const filter = {
        kind: 'compare' as const,
        op: '=' as const,
        field: { source: 'column' as const, column: 'correlation_id' as const },
        value: { type: 'string' as const, text },
      };
      return (await store.reader.traces({ ...asked, filter, sort: 'start', order: 'desc', limit: 5 }, signal)).traces;
    };
    expect((await of('bed-6-1')).map(({ trace_id }) => trace_id)).toEqual([(62).toString(16).padStart(32, 'e')]);
    expect(await of('bed-99-1')).toEqual([]);
  });

  it('spans of a service are found in every slice, also from where none had come before', async () => {
    const of = async (service: string, more = '') => {
      const list = {
        ...asked,
        filter: filter(`service:${service} name:warm ${more}`, 'traces'),
        sort: 'duration' as const,
        order: 'desc' as const,
        limit: 100,
      };
      const { traces } = await store.reader.traces(list, signal);
      const { total } = await store.reader.traceHistogram(list, signal);
      expect(total).toBe(traces.length);
      return traces.map(({ trace_id }) => trace_id).sort();
    };
    const known = events.map(({ traceId }) => traceId).sort();
    expect(await of('heater')).toEqual(known);
    expect(await of('cooler')).toEqual([]);
    const receivedMs = NOW_MS - 5 * HOUR_MS + 31 * MINUTE_MS;
    const startNano = BigInt(receivedMs) * 1_000_000n;
    const log = new LogOfRecords(receivedMs, await store.writer.cursor());
    const late = (resource: Record<string, string>, digit: string) => {
      const ids = { traceId: digit.repeat(32), spanId: digit.repeat(16) };
      log.spans(resource, [{ ...ids, name: 'warm', startNano, endNano: startNano + 1n, kind: 2 }]);
      return ids.traceId;
    };
    const elsewhere = late({ ...HEATER, 'service.instance.id': 'bed-99' }, '1');
    const cooler = late({ 'service.name': 'cooler' }, '2');
    await store.writer.write(log.records, signal);
    for (const when of ['late', 'sealed again']) {
      expect(await of('heater', 'http.route:"/warm"'), when).toEqual(known);
      expect(await of('heater', 'environment:greenhouse'), when).toEqual([elsewhere, ...known].sort());
      expect(await of('heater', 'environment:cellar'), when).toEqual([]);
      expect(await of('heater'), when).toEqual([elsewhere, ...known].sort());
      expect(await of('cooler'), when).toEqual([cooler]);
      await store.retain(NOW_MS - HOUR_MS / 2);
    }
  });
});
