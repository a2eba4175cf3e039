import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReceivedSpan } from '../sink/otlp-decode.js';
import { type OtlpSink, startSink } from '../sink/otlp-sink.js';
import { type RunningApp, runApp } from '../sink/run-app.js';

interface Expected {
  readonly path: string;
  readonly method?: string;
  readonly body?: string;
  readonly name: string;
  readonly route?: string;
  readonly status: number;
  readonly exception?: string;
}

const json = { 'content-type': 'application/json' };

const FRAMEWORKS: Record<string, readonly Expected[]> = {
  'express.cjs': [
    { path: '/orders/7?x=1', name: 'GET /orders/:id', route: '/orders/:id', status: 200 },
    { path: '/orders', method: 'POST', body: '{"size":3}', name: 'POST /orders', route: '/orders', status: 201 },
    {
      path: '/api/tenants/acme/shelves/s1/items/9',
      name: 'GET /api/tenants/:tenant/shelves/:shelf/items/:item',
      route: '/api/tenants/:tenant/shelves/:shelf/items/:item',
      status: 200,
    },
    { path: '/api/tenants/acme', name: 'GET /api/tenants/:tenant', route: '/api/tenants/:tenant', status: 200 },
    { path: '/api/tenants/acme/none', name: 'GET', status: 404 },
    { path: '/no/such/page', name: 'GET', status: 404 },
    { path: '/boom', name: 'GET /boom', route: '/boom', status: 500, exception: 'TypeError' },
    { path: '/guarded', name: 'GET', status: 500, exception: 'Error' },
  ],
  'express.mjs': [{ path: '/orders/7', name: 'GET /orders/:id', route: '/orders/:id', status: 200 }],
  'fastify.mjs': [
    { path: '/orders/7', name: 'GET /orders/:id', route: '/orders/:id', status: 200 },
    { path: '/orders', method: 'POST', body: '{"size":3}', name: 'POST /orders', route: '/orders', status: 200 },
    {
      path: '/api/tenants/acme/items/9',
      name: 'GET /api/tenants/:tenant/items/:item',
      route: '/api/tenants/:tenant/items/:item',
      status: 200,
    },
    { path: '/strict', method: 'POST', body: '{}', name: 'POST /strict', route: '/strict', status: 400 },
    { path: '/no/such/page', name: 'GET', status: 404 },
    { path: '/boom', name: 'GET /boom', route: '/boom', status: 500, exception: 'TypeError' },
  ],
  'koa.cjs': [
    { path: '/api/orders/7', name: 'GET /api/orders/:id', route: '/api/orders/:id', status: 200 },
    {
      path: '/api/tenants/acme/items/9',
      name: 'GET /api/tenants/:tenant/items/:item',
      route: '/api/tenants/:tenant/items/:item',
      status: 200,
    },
    { path: '/no/such/page', name: 'GET', status: 404 },
    { path: '/api/boom', name: 'GET /api/boom', route: '/api/boom', status: 500, exception: 'TypeError' },
  ],
};

describe.each(Object.entries(FRAMEWORKS))('%s', (app, requests) => {
  let sink: OtlpSink;
  let running: RunningApp;

  beforeAll(async () => {
    sink = await startSink();
    running = runApp(app, { collector: sink.url });
  });

  afterAll(async () => {
    await running.stop();
    await sink.close();
  });

  it.each(requests)('names $path "$name"', async ({ path, method = 'GET', body, name, route, status, exception }) => {
    const correlation = `c${Math.random().toString(36).slice(2)}`;
    const response = await fetch(`http://127.0.0.1:${await running.port}${path}`, {
      method,
      headers: { ...json, 'x-correlation-id': correlation },
      ...(body === undefined ? {} : { body }),
    });
    await response.text();
    const ours = (span: ReceivedSpan): boolean => span.attributes['correlation.id'] === correlation;
    await sink.until(({ spans }) => spans.some(ours), `span of ${path}`);
    const [span] = sink.spans.filter(ours);

    expect(response.status).toBe(status);
    expect(sink.spans.filter(ours)).toHaveLength(1);
    expect(span).toMatchObject({
      name,
      kind: 'server',
      attributes: {
        'http.request.method': method,
        'http.response.status_code': status,
        'url.path': path.split('?')[0],
        'url.scheme': 'http',
        'server.address': '127.0.0.1',
        'server.port': await running.port,
        'client.address': '127.0.0.1',
        'user_agent.original': 'node',
      },
      resource: { 'service.name': 'shop-under-test', 'service.version': '3.2.1', 'telemetry.sdk.name': 'orrery' },
    });
    expect(span?.attributes['http.route']).toBe(route);
    expect(span?.attributes['error.type']).toBe(status >= 500 ? String(status) : undefined);
    expect(span?.status.code).toBe(status >= 500 ? 2 : 0);
    expect(span?.events.map((event) => event.attributes['exception.type'])).toEqual(
      exception === undefined ? expect.not.arrayContaining(['TypeError']) : [exception],
    );
  });
});
