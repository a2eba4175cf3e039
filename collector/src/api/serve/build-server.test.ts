import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ControlStore } from '../../control/control-store.js';
import { openSqliteControlStore } from '../../control/sqlite/sqlite-control-store.js';
import type { LetterDesk } from '../../store/set-aside/letter-desk.js';
import { StoreError, type TelemetryReader } from '../../store/store.js';
import { API_BASE } from '../contract/index.js';
import { buildServer } from './build-server.js';

/** What the api process meets while the store process is away: every question fails the same way. */
const away = () =>
  Promise.reject(new StoreError('store_unavailable', 'The store does not answer.', { retryable: true }));

let folder: string;
let control: ControlStore;
let app: FastifyInstance;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'orrery-api-'));
  control = openSqliteControlStore(join(folder, 'control.sqlite'));
  app = await buildServer(
    {
      reader: new Proxy({}, { get: () => away }) as TelemetryReader,
      letters: new Proxy({}, { get: () => away }) as LetterDesk,
      control,
      health: { ingest: away, store: away, ingestMetrics: async () => 'orrery_log_bytes 7\n' },
      registry: new Registry(),
      facts: {
        version: '1.2.3',
        store: 'duckdb',
        startedMs: 0,
        endpoints: { otlp_http: 'http://localhost:1', ui: 'http://localhost:2', agent: '@orrery/agent/register' },
        loopback: true,
        allowedHosts: ['orrery.example'],
        uiFolder: join(folder, 'ui'),
      },
      limits: { queryTimeoutMs: 1000, bodyBytes: 100_000, streams: 2, streamStallMs: 1000 },
    },
    pino({ level: 'silent' }),
  );
});
afterEach(async () => {
  await app.close();
  await control.close();
  rmSync(folder, { recursive: true });
});

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
const ask = (method: Method, url: string, body?: unknown, headers: Record<string, string> = {}) =>
  app.inject({
    method,
    url,
    headers: { host: 'localhost:1781', ...headers },
    ...(body === undefined ? {} : { payload: body as object }),
  });
const own = (path: string) => `${API_BASE}${path}`;

describe('problems', () => {
  it('names the position of a fault in a filter', async () => {
    const answer = await ask('GET', own('/traces?q=status:eror'));
    expect(answer.statusCode).toBe(400);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.json()).toMatchObject({ code: 'filter_invalid', faults: [{ path: 'q', position: 7 }] });
  });

  it('names the parameter that does not match', async () => {
    const answer = await ask('GET', own('/traces?limit=many'));
    expect(answer.json()).toMatchObject({
      code: 'invalid_request',
      faults: [{ path: expect.stringContaining('limit') }],
    });
  });

  it('says 503 with Retry-After while the store is away', async () => {
    const answer = await ask('GET', own('/services'));
    expect(answer.statusCode).toBe(503);
    expect(answer.headers['retry-after']).toBe('2');
    expect(answer.json()).toMatchObject({ code: 'store_unavailable' });
  });

  it.each([
    ['POST', '/query', { signal: 'spans', measures: [{ op: 'sum' }] }, 400, 'invalid_request'],
    [
      'POST',
      '/query',
      { signal: 'sagas', measures: [{ op: 'count' }], group_by: ['http.route'] },
      400,
      'invalid_request',
    ],
    ['GET', '/sagas?state=lost', undefined, 400, 'invalid_request'],
    ['GET', '/traces/nonsense', undefined, 400, 'invalid_request'],
    ['GET', '/checks/none', undefined, 404, 'not_found'],
    ['GET', '/nothing', undefined, 404, 'route_unknown'],
    ['POST', '/services', {}, 404, 'route_unknown'],
  ] as const)('%s %s', async (method, path, body, status, code) => {
    const answer = await ask(method, own(path), body);
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject({ code });
  });

  it('refuses broken JSON, wrong types and large bodies without a word of ours', async () => {
    const json = { 'content-type': 'application/json' };
    expect((await ask('POST', own('/query'), '{"a":', json)).statusCode).toBe(400);
    expect((await ask('POST', own('/query'), 'a=b', { 'content-type': 'text/csv' })).json()).toMatchObject({
      code: 'unsupported_media_type',
    });
    expect((await ask('POST', own('/query'), JSON.stringify('x'.repeat(200_000)), json)).json()).toMatchObject({
      code: 'body_too_large',
    });
    expect((await ask('GET', '/api/orrery/v1/services/%zz')).statusCode).toBe(400);
  });
});

describe('pages of other sites', () => {
  it('does not answer under a host name that is not ours', async () => {
    expect((await ask('GET', '/healthz', undefined, { host: 'evil.example' })).json()).toMatchObject({
      code: 'host_not_allowed',
    });
    for (const host of ['127.0.0.1:1', '[::1]:1', 'orrery.localhost', 'orrery.example'])
      expect((await ask('GET', '/healthz', undefined, { host })).statusCode).toBe(200);
  });

  it('does not take writes from another origin', async () => {
    const silence = { check: '*', duration_ms: 60_000, by: 'kim' };
    for (const headers of [{ origin: 'https://evil.example' }, { origin: 'null' }, { 'sec-fetch-site': 'cross-site' }])
      expect((await ask('POST', own('/silences'), silence, headers)).json()).toMatchObject({
        code: 'origin_not_allowed',
      });
    for (const origin of ['http://localhost:1781', 'http://127.0.0.1:5173'])
      expect((await ask('POST', own('/silences'), silence, { origin })).statusCode).toBe(200);
  });
});

describe('control data', () => {
  const alert = {
    id: 'a',
    check: 'buy',
    title: 't',
    severity: 'page',
    state: 'firing',
    since: '1',
    pending_since: null,
    fired_at: '1',
    resolved_at: null,
    sentence: 's',
    version: 0,
  };

  it('takes a check, its runs and a screenshot, and gives them back', async () => {
    const definition = { name: 'buy it', kind: 'http', title: 'Buying', file: 'f', schedule: 'every 30 s' };
    expect((await ask('PUT', own('/checks/buy%20it'), definition)).statusCode).toBe(200);
    expect((await ask('PUT', own('/checks/other'), definition)).statusCode).toBe(400);
    const png = await ask('POST', own('/artifacts'), Buffer.from([1, 2, 3]), { 'content-type': 'image/png' });
    const { id } = png.json<{ id: string }>();
    const run = { run_id: 'r', check: 'buy it', started: '5', duration_ms: 1, verdict: 'fail', sentence: 'no' };
    expect((await ask('POST', own('/checks/buy%20it/runs'), run)).statusCode).toBe(204);
    expect((await ask('GET', own('/checks'))).json()).toMatchObject({ checks: [{ verdict: 'fail', since: '5' }] });
    const artifact = await ask('GET', own(`/artifacts/${id}`));
    expect(artifact.headers['content-type']).toBe('image/png');
    expect(artifact.headers['content-security-policy']).toContain('sandbox');
    expect(artifact.rawPayload).toEqual(Buffer.from([1, 2, 3]));
    expect((await ask('DELETE', own('/checks/buy%20it'))).statusCode).toBe(204);
  });

  it('refuses an artifact that a browser would run', async () => {
    const answer = await ask('POST', own('/artifacts'), '<script>', { 'content-type': 'text/html' });
    expect(answer.json()).toMatchObject({ code: 'unsupported_media_type' });
  });

  it('answers 409 when an alert was written in between', async () => {
    expect((await ask('PUT', own('/alerts/a'), alert)).json()).toMatchObject({ version: 1 });
    const late = await ask('PUT', own('/alerts/a'), alert);
    expect(late.statusCode).toBe(409);
    expect(late.json()).toMatchObject({ code: 'alert_conflict' });
    expect((await ask('POST', own('/alerts/a/acknowledge'), { by: 'kim' })).json()).toMatchObject({
      acknowledged_by: 'kim',
    });
  });

  it('finds checks although the store is away', async () => {
    const definition = { name: 'buy', kind: 'http', title: 'Buying', file: 'f', schedule: 's' };
    await ask('PUT', own('/checks/buy'), definition);
    expect((await ask('GET', own('/search?q=BUY'))).json()).toMatchObject({
      hits: [{ kind: 'check', href: '/checks/buy' }],
    });
  });
});

describe('the program around it', () => {
  it('is alive, not ready, and says why', async () => {
    expect((await ask('GET', '/healthz')).statusCode).toBe(200);
    const ready = await ask('GET', '/readyz');
    expect(ready.statusCode).toBe(503);
    expect(ready.json()).toMatchObject({
      ready: false,
      components: expect.arrayContaining([expect.objectContaining({ name: 'store', ok: false })]),
    });
    expect((await ask('GET', own('/status'))).json()).toMatchObject({ version: '1.2.3', ready: false });
  });

  it('counts requests by pattern', async () => {
    await ask('GET', own('/checks/one'));
    const { body } = await ask('GET', '/metrics');
    expect(body).toContain(`route="${API_BASE}/checks/:name"`);
    expect(body).toContain('orrery_log_bytes 7');
  });

  it('answers /metrics with the dashboard’s page where a browser asks, and with figures where a scraper does', async () => {
    const page = await ask('GET', '/metrics?name=x', undefined, { accept: 'text/html,*/*;q=0.8' });
    expect(page.headers['content-type']).toContain('text/html');
    const figures = await ask('GET', '/metrics', undefined, { accept: 'text/plain;version=0.0.4;q=0.5,*/*;q=0.1' });
    expect(figures.headers['content-type']).toContain('text/plain');
  });

  it('describes every path in OpenAPI, with references that lead somewhere', async () => {
    const answer = await ask('GET', '/openapi.json');
    const document = answer.json<{ openapi: string; paths: Record<string, object>; components: { schemas: object } }>();
    expect(document.openapi).toBe('3.1.0');
    const { Routes } = await import('../contract/index.js');
    for (const path of Object.values(Routes))
      expect(Object.keys(document.paths)).toContain(own(path).replaceAll(/:(\w+)/g, '{$1}'));
    const names = new Set(Object.keys(document.components.schemas));
    const references = [...answer.body.matchAll(/"\$ref":"#\/components\/schemas\/([^"/]+)/g)].map(([, name]) => name);
    expect(references.filter((name) => !names.has(name ?? ''))).toEqual([]);
    expect(references.length).toBeGreaterThan(50);
    for (const [path, methods] of Object.entries(document.paths))
      for (const operation of Object.values(methods) as {
        responses?: object;
        parameters?: { in: string; name: string }[];
      }[]) {
        expect(operation.responses).toBeDefined();
        const declared = (operation.parameters ?? [])
          .filter((parameter) => parameter.in === 'path')
          .map(({ name }) => name);
        expect(declared.toSorted()).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).toSorted());
      }
  });

  it('says that the dashboard is not built, and serves it once it is', async () => {
    expect((await ask('GET', '/')).statusCode).toBe(503);
    mkdirSync(join(folder, 'ui', 'assets'), { recursive: true });
    writeFileSync(join(folder, 'ui', 'index.html'), '<!doctype html>hello');
    writeFileSync(join(folder, 'ui', 'assets', 'index-Bx12_abc.js'), `//${'x'.repeat(5000)}`);
    expect((await ask('GET', '/traces/abc?from=now-1h')).body).toContain('hello');
    const script = await ask('GET', '/assets/index-Bx12_abc.js', undefined, { 'accept-encoding': 'gzip' });
    expect(script.headers['cache-control']).toContain('immutable');
    expect(gunzipSync(script.rawPayload).toString()).toHaveLength(5002);
    expect((await ask('GET', '/assets/other.js')).statusCode).toBe(404);
    expect((await ask('GET', '/../control.sqlite')).statusCode).toBe(404);
    expect((await ask('GET', '/')).headers['content-security-policy']).toContain("script-src 'self'");
  });

  it('compresses large answers for who takes it', async () => {
    const zipped = await ask('GET', '/openapi.json', undefined, { 'accept-encoding': 'br, gzip;q=0.8' });
    expect(zipped.headers['content-encoding']).toBe('gzip');
    expect(JSON.parse(gunzipSync(zipped.rawPayload).toString())).toMatchObject({ openapi: '3.1.0' });
    expect(
      (await ask('GET', '/openapi.json', undefined, { 'accept-encoding': 'gzip;q=0' })).headers['content-encoding'],
    ).toBeUndefined();
  });
});
