import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as Api from '../../../src/api/contract/index.js';
import { API_BASE, type LogList, type Trace, type TraceList } from '../../../src/api/contract/index.js';
import { eventually, type OrreryProcess, startOrrery } from './orrery-process.js';
import { logLines, newTraceId, orderTrace, send } from './shop-telemetry.js';

let folder: string;
let orrery: OrreryProcess;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'orrery-whole-'));
  orrery = await startOrrery(folder);
});
afterAll(async () => {
  await orrery.end('SIGTERM');
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

async function get<T>(path: string, status = 200): Promise<T> {
  const answer = await fetch(`${orrery.ui}${path}`);
  const text = await answer.text();
  expect(`${answer.status} ${text.slice(0, 300)}`).toMatch(new RegExp(`^${status} `));
  return JSON.parse(text) as T;
}
const own = <T>(path: string) => get<T>(`${API_BASE}${path}`);

/** Traces that a filter finds. */
async function found(q: string): Promise<string[]> {
  const { traces } = await own<TraceList>(`/traces?q=${encodeURIComponent(q)}&limit=500`);
  return traces.map(({ trace_id }) => trace_id);
}

describe('telemetry that was acknowledged', () => {
  it('is found by its service, attributes, words and ids within seconds', async () => {
    const traceId = newTraceId();
    expect(await send(orrery.otlp, 'traces', orderTrace(traceId, { correlationId: 'r7' }))).toBe(200);
    expect(await send(orrery.otlp, 'logs', logLines(traceId, [{ severity: 17, body: 'Out of stock: "lamp"' }]))).toBe(
      200,
    );
    await eventually(async () => expect(await found('correlation_id:r7')).toEqual([traceId]));
    expect(await found('service:gateway http.route:"/orders" http.response.status_code>=200 duration>100ms')).toContain(
      traceId,
    );
    expect(await found('service:gateway status:error')).not.toContain(traceId);

    const trace = await own<Trace>(`/traces/${traceId}`);
    expect(Api.Trace.parse(trace).summary).toMatchObject({
      root_service: 'gateway',
      root_name: 'POST /orders',
      spans: 2,
    });
    const logs = await eventually(async () => {
      const list = await own<LogList>('/logs?q=severity%3E%3Derror%20%22out%20of%20stock%22');
      expect(list.logs).toHaveLength(1);
      return list;
    });
    expect(Api.LogList.parse(logs).logs[0]).toMatchObject({ trace_id: traceId, severity: 'error' });
    const hits = await own<Api.SearchResult>(`/search?q=${traceId}`);
    expect(hits.hits[0]).toMatchObject({ kind: 'trace', href: `/traces/${traceId}` });
    expect((await own<Api.SearchResult>('/search?q=r7')).hits.map(({ kind }) => kind)).toContain('correlation');
    const services = Api.ServiceList.parse(await own('/services'));
    expect(services.services.map(({ service }) => service)).toEqual(expect.arrayContaining(['gateway', 'orders']));
  });

  it('comes back as OTLP JSON through Jaeger’s API', async () => {
    const traceId = newTraceId();
    await send(orrery.otlp, 'traces', orderTrace(traceId));
    const answer = await eventually(() =>
      get<{ result: { resourceSpans: { scopeSpans: { spans: { traceId: string; kind: number }[] }[] }[] } }>(
        `/api/v3/traces/${traceId}`,
      ),
    );
    const spans = answer.result.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
    expect(spans).toHaveLength(2);
    expect(spans[0]).toMatchObject({ traceId, kind: 2 });
    expect(await get<{ services: string[] }>('/api/v3/services')).toMatchObject({
      services: expect.arrayContaining(['orders']),
    });
    const { operations } = await get<{ operations: object[] }>('/api/v3/operations?service=orders');
    expect(operations).toContainEqual({ name: 'create order', spanKind: 'server' });
    await get('/api/v3/traces/ffffffffffffffffffffffffffffffff', 404);
  });

  it('is pushed to a live tail as it is stored', async () => {
    const controller = new AbortController();
    const tail = await fetch(`${orrery.ui}${API_BASE}/logs/tail?q=severity>=warn`, { signal: controller.signal });
    expect(tail.headers.get('content-type')).toContain('text/event-stream');
    const traceId = newTraceId();
    let seen = '';
    const reading = (async () => {
      for await (const chunk of tail.body ?? []) seen += Buffer.from(chunk as Uint8Array).toString();
    })().catch(() => undefined);
    // A tail begins with what is stored after it was opened, so the lines are sent until one is seen.
    await eventually(async () => {
      await send(
        orrery.otlp,
        'logs',
        logLines(traceId, [
          { severity: 9, body: 'quiet' },
          { severity: 13, body: `loud ${Math.random()}` },
        ]),
      );
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(seen).toContain('event: log');
    });
    expect(seen).toContain('loud');
    expect(seen).not.toContain('quiet');
    controller.abort();
    await reading;
  });
});

describe('faults', () => {
  it.each(['ingest', 'store', 'api'] as const)(
    'a killed %s process is started again, and nothing acknowledged is lost',
    async (role) => {
      const before = newTraceId();
      expect(await send(orrery.otlp, 'traces', orderTrace(before, { correlationId: `kill-${role}` }))).toBe(200);
      const pid = orrery.roles()[role];
      expect(pid).toBeDefined();
      process.kill(pid ?? 0, 'SIGKILL');
      await eventually(() => expect(orrery.roles()[role] ?? pid).not.toBe(pid));
      const after = newTraceId();
      await eventually(async () =>
        expect(await send(orrery.otlp, 'traces', orderTrace(after, { correlationId: `kill-${role}` }))).toBe(200),
      );
      await eventually(async () =>
        expect((await found(`correlation_id:kill-${role}`)).toSorted()).toEqual([before, after].toSorted()),
      );
      await eventually(() => get('/readyz'));
    },
  );

  it('yesterday’s data, checks and alerts are there after a restart', async () => {
    const traceId = newTraceId();
    await send(orrery.otlp, 'traces', orderTrace(traceId, { correlationId: 'restart' }));
    const definition = { name: 'buy', kind: 'http', title: 'Buying', file: 'f', schedule: 's' };
    await fetch(`${orrery.ui}${API_BASE}/checks/buy`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(definition),
    });
    expect(await orrery.end('SIGTERM')).toBe(0);
    orrery = await startOrrery(folder);
    await eventually(async () => expect(await found('correlation_id:restart')).toEqual([traceId]));
    expect((await own<Api.CheckList>('/checks')).checks).toHaveLength(1);
  });
});

describe('bad input', () => {
  const hostile = [
    '\u0000',
    "'; DROP TABLE spans; --",
    '"',
    '%',
    '_',
    '\\',
    '${1}',
    '<script>alert(1)</script>',
    '../../etc/passwd',
    '\ud800',
    'a'.repeat(5000),
    'NaN',
    '-1',
    '1e999',
    '[]',
    '{}',
    '٣',
    '🙃',
    'null',
    'now-99999999999999w',
    '*',
    '()',
    '((((',
    'a:(b',
    'x:>=y',
  ];
  const routes = Object.values(Api.Routes).filter(
    (path) => path !== Api.Routes.logTail && path !== Api.Routes.artifact,
  );
  const parameters = [
    'from',
    'to',
    'q',
    'limit',
    'cursor',
    'service',
    'sort',
    'order',
    'field',
    'signal',
    'name',
    'state',
    'search',
    'environment',
  ];

  it('never makes a route answer 5xx', async () => {
    const bad: string[] = [];
    for (const route of routes) {
      for (const text of hostile) {
        const value = encodeURIComponent(text.toWellFormed());
        const path = route.replaceAll(/:\w+/g, value.slice(0, 400));
        const query = parameters
          .map((name, index) => ((hostile.indexOf(text) + index) % 3 === 0 ? `${name}=${value}` : ''))
          .filter(Boolean);
        const answer = await fetch(`${orrery.ui}${API_BASE}${path}?${query.join('&')}`.slice(0, 15_000));
        await answer.arrayBuffer();
        if (answer.status >= 500) bad.push(`${answer.status} ${route} ${text.slice(0, 30)}`);
      }
    }
    expect(bad).toEqual([]);
  });

  it('never makes a question in a body answer 5xx', async () => {
    const bad: string[] = [];
    for (const text of hostile) {
      const value = text.toWellFormed();
      const bodies: [string, object][] = [
        [
          '/query',
          { signal: 'spans', measures: [{ op: 'count' }], group_by: [value.slice(0, 256)], q: value.slice(0, 4000) },
        ],
        [
          '/query',
          { signal: 'logs', measures: [{ op: 'quantile', field: value.slice(0, 256) || 'a', quantile: 0.5 }] },
        ],
        ['/query', { signal: value, measures: value, from: value }],
        ['/metrics/query', { name: value.slice(0, 256) || 'm', aggregate: 'rate', group_by: [value.slice(0, 256)] }],
        ['/silences', { check: value, duration_ms: value, by: value }],
        ['/checks/x/runs', { run_id: value }],
      ];
      for (const [path, body] of bodies) {
        const answer = await fetch(`${orrery.ui}${API_BASE}${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        });
        const said = await answer.text();
        if (answer.status >= 500) bad.push(`${answer.status} ${path} ${text.slice(0, 30)} ${said.slice(0, 200)}`);
      }
    }
    expect(bad).toEqual([]);
  });

  it('finds a hostile string as what it is', async () => {
    const traceId = newTraceId();
    const name = `'; DROP TABLE spans; -- <img src=x onerror=alert(1)> "q" \\ % _ *`;
    expect(await send(orrery.otlp, 'traces', orderTrace(traceId, { name, correlationId: 'hostile"\\\u0001' }))).toBe(
      200,
    );
    await eventually(async () => expect(await found(`name:${JSON.stringify(name)}`)).toEqual([traceId]));
    expect(await found(String.raw`correlation_id:"hostile\"\\` + '\u0001"')).toEqual([traceId]);
  });
});
