import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReceivedLog, ReceivedSpan } from '../sink/otlp-decode.js';
import { type OtlpSink, startSink } from '../sink/otlp-sink.js';
import { type RunningApp, runApp } from '../sink/run-app.js';

describe('two processes', () => {
  let sink: OtlpSink;
  let caller: RunningApp;
  let called: RunningApp;

  beforeAll(async () => {
    sink = await startSink();
    caller = runApp('caller.mjs', { collector: sink.url, env: { OTEL_SERVICE_NAME: 'front desk' } });
    called = runApp('plain.cjs', { collector: sink.url, env: { OTEL_SERVICE_NAME: 'back' } });
  });

  afterAll(async () => {
    await Promise.all([caller.stop(), called.stop()]);
    await sink.close();
  });

  /** Has `caller` call a path of `called` and gives the answer and the trace. */
  async function call(
    client: string,
    url: string,
    headers: Record<string, string> = {},
  ): Promise<{ text: string; spans: ReceivedSpan[] }> {
    const correlation = headers['x-correlation-id'] ?? `c${Math.random().toString(36).slice(2)}`;
    const asked = new URLSearchParams({ client, url });
    const response = await fetch(`http://127.0.0.1:${await caller.port}/?${asked}`, {
      headers: { 'x-correlation-id': correlation, ...headers },
    });
    const text = await response.text();
    const ours = (span: ReceivedSpan): boolean => span.attributes['correlation.id'] === correlation;
    const complete = (): boolean =>
      sink.spans.filter(ours).some(({ kind, parentSpanId }) => kind === 'server' && parentSpanId === '');
    await sink.until(complete, `trace of ${url}`);
    return { text, spans: sink.spans.filter(ours) };
  }

  it.each(['fetch', 'http', 'undici'])('are one trace when one calls the other with %s', async (client) => {
    const target = `http://localhost:${await called.port}/status/201`;
    const { text } = await call(client, target, { 'x-correlation-id': `one-trace-${client}` });
    const ours = (): ReceivedSpan[] =>
      sink.spans.filter((span) => span.attributes['correlation.id'] === `one-trace-${client}`);
    await sink.until(() => ours().length === 3, 'three spans');
    const [front] = ours().filter(
      ({ resource, kind }) => resource['service.name'] === 'front desk' && kind === 'server',
    );
    const [call_] = ours().filter(({ kind }) => kind === 'client');
    const [back] = ours().filter(({ resource }) => resource['service.name'] === 'back');

    expect(new Set(ours().map(({ traceId }) => traceId))).toEqual(new Set([text]));
    expect(call_?.parentSpanId).toBe(front?.spanId);
    expect(back?.parentSpanId).toBe(call_?.spanId);
    expect(back?.traceState).toBe('orrery=svc:front%20desk');
    expect(call_).toMatchObject({
      name: 'GET',
      attributes: {
        'http.request.method': 'GET',
        'http.response.status_code': 201,
        'url.full': target,
        'server.address': 'localhost',
        'server.port': await called.port,
      },
    });
  });

  it.each(['fetch', 'http', 'undici'])(
    'pass baggage on byte for byte over %s, with the correlation id added',
    async (client) => {
      const { text } = await call(client, `http://127.0.0.1:${await called.port}/headers`, {
        baggage: 'tenant=acme;prop=1 , synthetic=true',
        'x-correlation-id': `bag-${client}`,
      });
      expect(JSON.parse(text)).toMatchObject({
        baggage: `tenant=acme;prop=1 , synthetic=true,correlation.id=bag-${client}`,
        'x-correlation-id': `bag-${client}`,
      });
    },
  );

  it('name a refused connection, a lost one and a passed deadline in error.type', async () => {
    const refused = await call('http', 'http://127.0.0.1:21199/');
    const late = await call('timeout', `http://127.0.0.1:${await called.port}/never`);
    const fetchRefused = await call('fetch', 'http://127.0.0.1:21199/');
    const fetchLate = await call('fetch-timeout', `http://127.0.0.1:${await called.port}/never`);
    const types = [refused, late, fetchRefused, fetchLate].map(
      ({ spans }) => spans.find(({ kind }) => kind === 'client')?.attributes['error.type'],
    );
    expect(types).toEqual(['ECONNREFUSED', 'timeout', 'ECONNREFUSED', 'timeout']);
  });

  it('say that the client went away', async () => {
    const gone = (span: ReceivedSpan): boolean =>
      span.attributes['url.path'] === '/never' && span.attributes['user_agent.original'] === 'gone';
    const outgoing = request({ port: await called.port, path: '/never', headers: { 'user-agent': 'gone' } });
    outgoing.on('error', () => undefined);
    outgoing.on('socket', (socket) => socket.on('connect', () => setImmediate(() => outgoing.destroy())));
    outgoing.end();
    await sink.until(({ spans }) => spans.some(gone));
    const span = sink.spans.find(gone);
    expect(span?.attributes['error.type']).toBe('client_closed_request');
    expect(span?.attributes).not.toHaveProperty('http.response.status_code');
  });

  it('keep the context where a response tells that its client went away', async () => {
    const outgoing = request({ port: await called.port, path: '/left' });
    outgoing.on('error', () => undefined);
    outgoing.on('socket', (socket) => socket.on('connect', () => setImmediate(() => outgoing.destroy())));
    outgoing.end();
    const told = (): ReceivedLog | undefined => sink.logs.find(({ body }) => String(body).startsWith('closed '));
    const left = (): ReceivedSpan | undefined => sink.spans.find((span) => span.attributes['url.path'] === '/left');
    await sink.until(() => told() !== undefined && left() !== undefined);
    expect(told()).toMatchObject({ body: `closed ${left()?.traceId}`, traceId: left()?.traceId });
  });

  it('keep the context in listeners of a request body', async () => {
    const response = await fetch(`http://127.0.0.1:${await called.port}/body`, {
      method: 'POST',
      body: 'x'.repeat(100_000),
    });
    const seen = new Set((await response.text()).split(' '));
    expect(seen.size).toBe(1);
    expect([...seen][0]).toMatch(/^[0-9a-f]{32}$/);
  });

  it.each([
    ['garbage', { traceparent: 'garbage' }],
    ['a forbidden version', { traceparent: `ff-${'1'.repeat(32)}-${'1'.repeat(16)}-01` }],
    ['an all-zero trace id', { traceparent: `00-${'0'.repeat(32)}-${'1'.repeat(16)}-01` }],
    ['upper case', { traceparent: `00-${'A'.repeat(32)}-${'1'.repeat(16)}-01` }],
    ['too much', { traceparent: `00-${'a'.repeat(32)}-${'1'.repeat(16)}-01-more` }],
  ])('begin a new trace when traceparent is %s', async (_what, headers) => {
    const response = await fetch(`http://127.0.0.1:${await called.port}/status/200`, { headers });
    expect(await response.text()).toMatch(/^(?!a{32}|1{32}|0{32})[0-9a-f]{32}$/);
  });

  it('carry on a trace of a later version of the standard, with foreign tracestate', async () => {
    const traceId = 'ab'.repeat(16);
    await fetch(`http://127.0.0.1:${await called.port}/status/204`, {
      headers: {
        traceparent: `cc-${traceId}-${'12'.repeat(8)}-01-what-the-future-may-bring`,
        tracestate: 'congo=t61rcWkgMzE,rojo=00f067aa0ba902b7',
      },
    });
    await sink.until(({ spans }) => spans.some((span) => span.traceId === traceId));
    expect(sink.spans.find((span) => span.traceId === traceId)).toMatchObject({
      parentSpanId: '12'.repeat(8),
      traceState: 'congo=t61rcWkgMzE,rojo=00f067aa0ba902b7',
    });
  });

  it('answer as ever when baggage is huge, and pass on no more than W3C allows', async () => {
    const members = Array.from({ length: 400 }, (_, index) => `k${index}=${'v'.repeat(20)}`).join(',');
    const { text } = await call('fetch', `http://127.0.0.1:${await called.port}/headers`, {
      baggage: members,
      'x-correlation-id': 'huge',
    });
    const sent = (JSON.parse(text) as { baggage: string }).baggage;
    expect(Buffer.byteLength(sent)).toBeLessThanOrEqual(8192);
    expect(sent.split(',').length).toBeLessThanOrEqual(64);
    expect(members.startsWith(sent.split(',').slice(0, 63).join(','))).toBe(true);
  });

  it('do not take ids that could break a log line', async () => {
    const path = '/status/202';
    await fetch(`http://127.0.0.1:${await called.port}${path}`, {
      headers: { 'x-correlation-id': '"><script>', 'x-request-id': 'req-1' },
    });
    await sink.until(({ spans }) => spans.some((span) => span.attributes['url.path'] === path));
    expect(sink.spans.find((span) => span.attributes['url.path'] === path)?.attributes['correlation.id']).toBe('req-1');
  });

  it('say how long the caller still waits, where it says so', async () => {
    const soon = `dl-${Date.now()}`;
    await call('fetch', `http://127.0.0.1:${await called.port}/status/200`, {
      'x-correlation-id': soon,
      'x-request-deadline': String(Date.now() + 30_000),
    });
    const entry = sink.spans.find(
      ({ attributes }) => attributes['correlation.id'] === soon && 'deadline.remaining' in attributes,
    );
    expect(entry?.attributes['deadline.remaining']).toBeGreaterThan(0);
    expect(entry?.attributes['deadline.remaining']).toBeLessThanOrEqual(30_000);
  });

  it.each([
    ['traceparent', '00-'.repeat(2000)],
    ['traceparent', `00-${'f'.repeat(32)}-${'0'.repeat(16)}-ff`],
    ['tracestate', '=,;=\t,'.repeat(2000)],
    ['tracestate', Array.from({ length: 400 }, (_, i) => `k${i}@v=${'x'.repeat(20)}`).join()],
    ['baggage', '=;,%%%=%ff;='.repeat(700)],
    ['baggage', `__proto__=1,constructor=2,toString=3,saga.id=${'s'.repeat(5000)}`],
    ['x-correlation-id', 'x'.repeat(9000)],
    ['x-request-id', '${jndi:ldap://x}<script>'],
    ['x-request-deadline', '-'.repeat(9000)],
    ['x-forwarded-for', ','.repeat(9000)],
    ['user-agent', 'u'.repeat(9000)],
  ])('answer as ever to a hostile %s, and record no more than is allowed', async (name, value) => {
    const agent = `hostile ${Math.random()}`;
    const answer = await fetch(`http://127.0.0.1:${await called.port}/status/204`, {
      headers: { 'user-agent': agent, [name]: value },
    });
    expect(answer.status).toBe(204);
    const isIt = ({ attributes }: ReceivedSpan): boolean =>
      attributes['user_agent.original'] === (name === 'user-agent' ? value : agent);
    await sink.until(({ spans }) => spans.some(isIt), name);
    const span = sink.spans.find(isIt);
    expect(span?.attributes['correlation.id']).toBe(span?.traceId);
    expect(span?.traceId).toMatch(/^[\da-f]{32}$/);
    expect(span?.traceState.length).toBeLessThanOrEqual(512);
    expect(JSON.stringify(span?.attributes).length).toBeLessThan(20_000);
  });

  it.each(['fetch', 'http', 'undici'])(
    'tell nothing of credentials, signatures and cookies over %s',
    async (client) => {
      // fetch itself refuses an address with a password.
      const login = client === 'fetch' ? '' : 'me:hunter2@';
      const names = [
        'token',
        'X-Amz-Signature',
        'X-Amz-Security-Token',
        'sig',
        'client_secret',
        'code',
        'apikey',
        'SessionId',
      ];
      const query = names.map((name) => `${name}=hunter2`).join('&');
      const target = `http://${login}127.0.0.1:${await called.port}/status/200?bed=7&${query}#hunter2`;
      const { spans } = await call(client, target, {
        authorization: 'Bearer hunter2',
        cookie: 'sid=hunter2',
        'proxy-authorization': 'Basic hunter2',
        'x-api-key': 'hunter2',
      });
      expect(spans.filter(({ kind }) => kind === 'client')).toHaveLength(1);
      // What the test asks the caller for is in its own query.
      const ofBoth = sink.spans.filter(({ attributes }) => !String(attributes['url.query']).startsWith('client='));
      const told = [ofBoth, sink.logs, sink.metrics].map((all) =>
        JSON.stringify(all, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
      );
      for (const text of told) expect(text.includes('hunter2')).toBe(false);
      expect(told[0]?.includes('bed=7&token=REDACTED')).toBe(true);
    },
  );

  it('copy saga and synthetic facts from baggage onto every span', async () => {
    const baggage =
      'saga.id=s-77,saga.name=order,saga.step=pay,synthetic=true,synthetic.check=buy,synthetic.run=r1,correlation.id=from-baggage';
    await call('fetch', `http://127.0.0.1:${await called.port}/status/200`, {
      baggage,
      'x-correlation-id': 'from-baggage',
    });
    const ours = (): ReceivedSpan[] =>
      sink.spans.filter((span) => span.attributes['correlation.id'] === 'from-baggage');
    await sink.until(() => ours().length === 3);
    for (const span of ours()) {
      expect(span.attributes).toMatchObject({
        'saga.id': 's-77',
        'saga.name': 'order',
        'saga.step': 'pay',
        synthetic: true,
        'synthetic.check': 'buy',
        'synthetic.run': 'r1',
      });
    }
  });
});

it('reads and sends what OTEL_PROPAGATORS names, and tells what it does not know and what it does not use', async () => {
  const sink = await startSink();
  const run = (propagators: string) =>
    runApp('caller.mjs', {
      collector: sink.url,
      env: { OTEL_PROPAGATORS: propagators, OTEL_LOG_LEVEL: 'debug', OTEL_SERVICE_NAME: 'b3' },
    });
  const [many, none] = [run('b3multi,b3,steam'), run('none')];
  const called = runApp('plain.cjs', { collector: sink.url });
  try {
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const ask = async (app: RunningApp): Promise<Record<string, string>> => {
      const asked = new URLSearchParams({ client: 'fetch', url: `http://127.0.0.1:${await called.port}/headers` });
      const headers = {
        'x-b3-traceid': traceId,
        'x-b3-spanid': 'b7ad6b7169203331',
        traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`,
        'x-correlation-id': 'c-9',
      };
      const answer = await fetch(`http://127.0.0.1:${await app.port}/?${asked}`, { headers });
      return (await answer.json()) as Record<string, string>;
    };
    const sent = await ask(many);
    expect(sent['b3']).toMatch(new RegExp(`^${traceId}-[\\da-f]{16}-1$`));
    expect(sent).toMatchObject({ 'x-b3-traceid': traceId, 'x-b3-sampled': '1', 'x-correlation-id': 'c-9' });
    for (const name of ['traceparent', 'tracestate', 'baggage']) expect(sent).not.toHaveProperty(name);
    const unsent = await ask(none);
    for (const name of ['b3', 'x-b3-traceid', 'traceparent', 'baggage', 'x-correlation-id'])
      expect(unsent).not.toHaveProperty(name);
    await sink.until(() => sink.spans.filter(({ resource }) => resource['service.name'] === 'b3').length === 4);
    const servers = sink.spans.filter(({ kind, resource }) => kind === 'server' && resource['service.name'] === 'b3');
    expect(servers.map(({ parentSpanId }) => parentSpanId).sort()).toEqual(['', 'b7ad6b7169203331']);
    const unused = 'orrery: not used: OTEL_LOG_LEVEL; see the README, "Options"\n';
    expect(none.output().stderr).toBe(unused);
    expect(many.output().stderr).toBe(
      `orrery: OTEL_PROPAGATORS does not know steam (only tracecontext, baggage, b3, b3multi, none); using b3multi,b3\n${unused}`,
    );
  } finally {
    await Promise.all([many.stop(), none.stop(), called.stop()]);
    await sink.close();
  }
});
