import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Signal } from '../../../src/log/log-record.js';
import { parseFilter } from '../../../src/query/parse-filter.js';
import {
  type ElasticsearchStore,
  openElasticsearchStore,
} from '../../../src/store/elasticsearch/open-elasticsearch-store.js';
import { encodeLogs } from '../../fixtures/otlp-encoder.js';
import { clinic } from './clinic.js';
import { sharedServer } from './running-server.js';
import { hex, NOON, nano, RecordsGiven } from './telemetry-given.js';

const never = new AbortController().signal;
const given = new RecordsGiven();
let es: Awaited<ReturnType<typeof sharedServer>>;
let store: ElasticsearchStore;

beforeAll(async () => {
  es = await sharedServer();
  store = await openElasticsearchStore(es.config(), { logDirectory: es.folder('log') });
  await store.writer.write(clinic(given), never);
  await es.refresh();
});
afterAll(async () => {
  await store?.close();
  await es?.end();
});

const range = { from_ms: NOON - 60_000, to_ms: NOON + 600_000 };
const asked = { range, nowMs: NOON + 600_000, environment: '', synthetic: 'include' as const };
const filter = (text: string, signal: 'spans' | 'traces' | 'logs' | 'metrics') => parseFilter(text, signal).filter;

describe('services and the map', () => {
  test('services carry the figures of their requests', async () => {
    const { services } = await store.reader.services(asked, never);
    expect(services.map((s) => [s.service, s.requests, s.errors, s.open_breakers])).toEqual([
      ['desk', 20, 4, 1],
      ['lab', 20, 4, 0],
    ]);
    expect(services[0]?.p50_ms).toBeGreaterThan(100);
    expect(services[0]?.p50_ms).toBeLessThan(120);
    expect(services[0]?.series.requests.reduce((a, b) => a + b, 0)).toBe(20);
  });

  test('synthetic traffic is counted only when asked for', async () => {
    const only = await store.reader.services({ ...asked, synthetic: 'only' }, never);
    const real = await store.reader.services({ ...asked, synthetic: 'exclude' }, never);
    expect(only.services.map((s) => [s.service, s.requests])).toEqual([['desk', 1]]);
    expect(real.services.find((s) => s.service === 'desk')?.requests).toBe(19);
  });

  test('one service with its operations, neighbours and instances; null for one that nobody knows', async () => {
    const detail = await store.reader.service({ ...asked, service: 'desk' }, never);
    expect(detail?.operations.map((o) => [o.operation, o.kind, o.requests])).toEqual([['POST /visits', 'server', 20]]);
    expect(detail?.outgoing.map((e) => e.target)).toEqual(['service:lab']);
    expect(detail?.instances.map((i) => [i.instance, i.requests])).toEqual([['desk-1', 20]]);
    expect(await store.reader.service({ ...asked, service: 'nobody' }, never)).toBeNull();
  });

  test('an address becomes the service that answers there, with the breaker that guards the way', async () => {
    const map = await store.reader.map(asked, never);
    const edge = map.edges.find((e) => e.source === 'service:desk');
    expect(edge).toMatchObject({ target: 'service:lab', kind: 'sync', requests: 20, errors: 4 });
    expect(edge?.breakers).toEqual([{ id: 'desk/lab', name: 'lab', state: 'open' }]);
    expect(map.unpaired).toBe(0);
  });
});

describe('traces', () => {
  const traces = (q: string, more: object = {}) =>
    store.reader.traces(
      { ...asked, filter: filter(q, 'traces'), sort: 'start', order: 'desc', limit: 50, ...more },
      never,
    );

  test('are sorted over the whole range and paged without gaps', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await traces('', { sort: 'duration', limit: 6, ...(cursor ? { cursor } : {}) });
      seen.push(...page.traces.map((t) => t.trace_id));
      cursor = page.next_cursor ?? undefined;
    } while (cursor);
    expect(seen).toEqual(Array.from({ length: 20 }, (_, i) => hex(20 - i, 32)));
  });

  test.each([
    ['status:error', 4],
    ['service:lab', 20],
    ['service:lab name:book', 0],
    ['name:book saga_id:saga-3', 1],
    ['trace.duration>=115ms', 5],
    ['trace.duration>=115ms service:lab status:error', 1],
    ['trace.duration>=118ms OR correlation_id:v-0', 3],
    ['NOT (trace.duration>=118ms OR correlation_id:v-0)', 18],
    ['root.service:desk', 20],
    ['root.service:lab', 0],
    ['trace.errors>0', 4],
    ['visit.room:1', 7],
    ['visit.room>1 http.route:"/visits"', 6],
    ['samples', 20],
  ])('that match %s are found by any of their spans', async (q, count) => {
    expect((await traces(q)).traces).toHaveLength(count);
    const histogram = await store.reader.traceHistogram({ ...asked, filter: filter(q, 'traces') }, never);
    expect(histogram.total).toBe(count);
    expect(histogram.traces.reduce((a, b) => a + b, 0)).toBe(count);
  });

  test('come with their services, root and correlation', async () => {
    const [trace] = (await traces('saga_id:saga-5')).traces;
    expect(trace).toMatchObject({
      trace_id: hex(6, 32),
      root_service: 'desk',
      root_name: 'POST /visits',
      spans: 4,
      errors: 3,
      duration_ms: 105,
      correlation_id: 'v-5',
      saga_id: 'saga-5',
      complete: true,
      services: [
        { service: 'desk', spans: 3, errors: 2 },
        { service: 'lab', spans: 1, errors: 1 },
      ],
    });
  });

  test('one trace is put together with its logs and links, without a time range', async () => {
    const trace = await store.reader.trace(hex(1, 32), never);
    expect(trace?.columns.span_id).toHaveLength(4);
    expect(trace).toMatchObject({ logs: 1, linked_traces: [hex(4, 32)], orphans: 0 });
    expect(await store.reader.trace(hex(999, 32), never)).toBeNull();
    expect((await store.reader.traceLogs(hex(1, 32), never)).logs.map((l) => l.body)).toEqual(['visit began']);
  });

  test('a span comes back with everything it carried', async () => {
    const span = await store.reader.span(hex(4, 32), hex(31, 16), never);
    expect(span).toMatchObject({
      service: 'desk',
      name: 'POST /visits',
      kind: 'server',
      start: nano(NOON + 3000).toString(),
      duration_ms: 103,
      attributes: { 'http.route': '/visits', 'visit.room': 0, 'correlation.id': 'v-3' },
      resource: { 'service.name': 'desk', 'service.instance.id': 'desk-1' },
      scope: { name: 'test', version: '1' },
      events: [{ time: nano(NOON + 3005).toString(), name: 'arrived', attributes: { queue: [1, 'two'] } }],
      links: [{ trace_id: hex(1, 32), span_id: hex(1, 16), attributes: {} }],
    });
    expect((await store.reader.traceSpans(hex(4, 32), 2, never))?.truncated).toBe(true);
  });
});

describe('logs', () => {
  const logs = (q: string) =>
    store.reader.logs({ ...asked, filter: filter(q, 'logs'), order: 'desc', limit: 10 }, never);

  test('a phrase is found anywhere in a body, however long', async () => {
    for (const phrase of ['needle', '"long needle at 25"', '"LONG long"', '25000']) {
      expect((await logs(phrase)).logs.map((l) => l.severity)).toEqual(['error']);
    }
    expect((await logs('haystack')).logs).toEqual([]);
  });

  test('the histogram counts by severity', async () => {
    const histogram = await store.reader.logHistogram({ ...asked, filter: filter('', 'logs') }, never);
    expect(histogram.total).toBe(3);
    expect(Object.keys(histogram.severities).sort()).toEqual(['error', 'info', 'warn']);
  });

  test('the tail shows each line that arrives, once, a late one too', async () => {
    const tail = (after: string | null, limit = 2) =>
      store.reader.logsSince({ filter: { kind: 'all' }, environment: '', after, limit }, never);
    let { next } = await tail(null);
    const line = (ms: number, body: string) =>
      given.record(
        Signal.logs,
        encodeLogs({ 'service.name': 'tail' }, [{ timeNano: nano(NOON - 50_000_000 + ms), body }]),
      );
    await store.writer.write([line(3, 'a'), line(2, 'b'), line(1, 'c')], never);
    const seen: string[] = [];
    for (let turn = 0; turn < 3; turn++) {
      const answer = await tail(next);
      seen.push(...answer.logs.map((l) => l.body));
      next = answer.next;
    }
    expect(seen).toEqual(['a', 'b', 'c']);
  });
});

describe('explore', () => {
  const aggregate = (more: object) =>
    store.reader.aggregate(
      {
        ...asked,
        signal: 'spans',
        filter: { kind: 'all' },
        measures: [{ op: 'count' }],
        group_by: [],
        step_ms: 0,
        limit: 50,
        ...more,
      },
      never,
    );

  test('counts, sums and quantiles by any attribute, missing values included', async () => {
    const answer = await aggregate({
      group_by: ['visit.room', 'service'],
      measures: [
        { op: 'count' },
        { op: 'avg', field: 'duration' },
        { op: 'quantile', field: 'duration', quantile: 0.5 },
      ],
    });
    expect(answer.groups.map((g) => [g.key, g.values[0]])).toEqual([
      [[null, 'desk'], 40],
      [[null, 'lab'], 20],
      [['0', 'desk'], 7],
      [['1', 'desk'], 7],
      [['2', 'desk'], 6],
    ]);
    expect(answer.groups[1]?.values[1]).toBe(40);
    expect(Math.abs((answer.groups[1]?.values[2] ?? 0) - 40) / 40).toBeLessThan(0.045);
  });

  test('a series per group, and figures of attributes', async () => {
    const answer = await aggregate({
      filter: filter('kind:server', 'spans'),
      measures: [
        { op: 'count' },
        { op: 'max', field: 'visit.room' },
        { op: 'distinct', field: 'correlation_id' },
        { op: 'rate' },
      ],
      step_ms: 60_000,
    });
    expect(answer.groups[0]?.values.slice(0, 3)).toEqual([40, 2, 20]);
    expect(answer.groups[0]?.series[0]?.reduce((a: number, b) => a + (b ?? 0), 0)).toBe(40);
  });

  test('fields and their values can be completed', async () => {
    const { fields } = await store.reader.fields({ ...asked, signal: 'spans', filter: { kind: 'all' } }, never);
    expect(fields).toContainEqual({ name: 'visit.room', type: 'number', source: 'attribute' });
    expect(fields).toContainEqual({ name: 'duration', type: 'number', source: 'field' });
    const { values } = await store.reader.fieldValues(
      { ...asked, signal: 'spans', filter: { kind: 'all' }, field: 'name', prefix: 'POST ', limit: 5 },
      never,
    );
    expect(values).toEqual([
      { value: 'POST /samples', count: 20 },
      { value: 'POST /visits', count: 20 },
    ]);
  });
});

describe('metrics, sagas and breakers', () => {
  test('metrics are listed with what they are', async () => {
    const { metrics } = await store.reader.metrics(
      { ...asked, search: 'VISIT', service: '', overflow: 'include' },
      never,
    );
    expect(metrics.map((m) => [m.name, m.kind, m.temporality, m.unit, m.services, m.attributes])).toEqual([
      ['visit.duration', 'histogram', 'delta', '', ['desk'], []],
      ['visits', 'sum', 'cumulative', '{visit}', ['desk'], ['kind']],
    ]);
  });

  test('counters, gauges and histograms are folded over steps', async () => {
    const ask = (name: string, aggregate: 'increase' | 'avg' | 'p50') =>
      store.reader.metricQuery(
        { ...asked, name, filter: { kind: 'all' }, aggregate, group_by: [], step_ms: 60_000, limit: 5 },
        never,
      );
    const total = (values: (number | null)[] | undefined) => values?.reduce<number>((a, b) => a + (b ?? 0), 0);
    expect(total((await ask('visits', 'increase')).series[0]?.points)).toBe(90);
    expect(total((await ask('waiting', 'avg')).series[0]?.points)).toBe(5);
    expect(total((await ask('visit.duration', 'p50')).series[0]?.points)).toBe(2);
  });

  test('sagas are folded from all that was said about them', async () => {
    const list = await store.reader.sagas(
      { ...asked, name: '', state: '', search: '', sort: 'updated', order: 'desc', limit: 6 },
      never,
    );
    expect(list.sagas).toHaveLength(6);
    expect(list.names).toEqual(['visit']);
    expect(Object.values(list.counts).reduce((a, b) => a + b, 0)).toBeGreaterThanOrEqual(20);
    const rest = await store.reader.sagas(
      {
        ...asked,
        name: '',
        state: '',
        search: '',
        sort: 'updated',
        order: 'desc',
        limit: 100,
        cursor: list.next_cursor ?? '',
      },
      never,
    );
    expect(rest.sagas).toHaveLength(14);
    const saga = await store.reader.saga('saga-5', never);
    expect(saga?.attempts.map((a) => [a.step, a.outcome])).toEqual([['book', 'failed']]);
    expect(await store.reader.saga('saga-99', never)).toBeNull();
    const funnel = await store.reader.sagaFunnel({ ...asked, name: 'visit' }, never);
    expect(funnel.total).toBe(20);
    expect(funnel.steps[0]).toMatchObject({ name: 'book', reached: 20, done: 16, failed: 4 });
  });

  test('a breaker that opened is open, with its transition', async () => {
    const { breakers, transitions } = await store.reader.breakers({ ...asked, service: '' }, never);
    expect(breakers.map((b) => [b.id, b.state, b.reason])).toEqual([['desk/lab', 'open', 'too many failures']]);
    expect(transitions.map((t) => `${t.previous}→${t.state}`)).toEqual(['closed→open']);
  });

  test('storage tells what is there', async () => {
    const storage = await store.reader.storage(never);
    expect(storage).toMatchObject({ slices: 1, spans: 80, metricPoints: 7, deadLetters: 0 });
    expect(storage.bytes).toBeGreaterThan(0);
    expect(storage.senders.map((s) => s.service).sort()).toEqual(expect.arrayContaining(['desk', 'lab']));
  });
});
