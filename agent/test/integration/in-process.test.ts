import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { bothKinds } from '../sink/fixture-kinds.js';
import { observe } from '../sink/observed-run.js';

const PROTO = fileURLToPath(new URL('../fixtures/otel/ward.proto', import.meta.url));

/** Names of spans by what they are under, from the request down: `a > b, c`. */
function tree(spans: readonly { spanId: string; parentSpanId: string; name: string }[], root: string): string {
  const under = spans
    .filter(({ parentSpanId }) => parentSpanId === root)
    .map(({ spanId, name }) => {
      const below = tree(spans, spanId);
      return below === '' ? name : `${name} > (${below})`;
    });
  return under.sort().join(', ');
}

it('follows gRPC calls through client, metadata and server, with the correlation id and its log lines', async () => {
  for (const file of await bothKinds('otel/grpc.mjs')) {
    const run = await observe(
      file,
      ['ok', 'soon', 'fail', 'stream'],
      { env: { PROTO } },
      (seen) =>
        ['ok', 'soon', 'fail', 'stream'].every((path) => seen.trace(path).length === 2) &&
        seen.logs.filter(({ body }) => String(body).startsWith('finding')).length === 3,
    );
    for (const path of ['ok', 'fail', 'stream']) {
      const method = path === 'stream' ? 'List' : 'Find';
      const spans = run.trace(path);
      const called = `grpc.ward.Beds/${method}`;
      expect(tree(spans, run.request(path).spanId)).toBe(`${called} > (${called})`);
      for (const span of spans) {
        expect(span).toMatchObject({
          attributes: {
            'rpc.system': 'grpc',
            'rpc.service': 'ward.Beds',
            'rpc.method': method,
            'rpc.grpc.status_code': path === 'fail' ? 5 : 0,
            'correlation.id': `on-${path}`,
          },
          status: { code: path === 'fail' ? 2 : 0 },
        });
      }
    }
    const server = run.trace('ok').find(({ kind }) => kind === 'server');
    expect(server?.attributes).not.toHaveProperty('deadline.remaining');
    const hurried = run.trace('soon').find(({ kind }) => kind === 'server')?.attributes['deadline.remaining'];
    expect(hurried).toBeGreaterThan(0);
    expect(hurried).toBeLessThanOrEqual(5000);
    expect(run.logs.find(({ body }) => body === 'finding 7')).toMatchObject({
      traceId: server?.traceId,
      spanId: server?.spanId,
      attributes: { 'correlation.id': 'on-ok' },
    });
  }
});

it('believes of a gRPC client that is not trusted its trace alone', async () => {
  const [file = ''] = await bothKinds('otel/grpc.mjs');
  const env = { PROTO, STRANGER: '203.0.113.9' };
  const run = await observe(file, ['ok'], { env }, (seen) => seen.trace('ok').length === 2);
  const [client] = run.trace('ok').filter(({ kind }) => kind === 'client');
  const [server] = run.trace('ok').filter(({ kind }) => kind === 'server');
  expect(client?.attributes['correlation.id']).toBe('on-ok');
  expect(server).toMatchObject({
    parentSpanId: client?.spanId,
    attributes: { 'correlation.id': client?.traceId },
  });
});

it('tells parse, validation, operation and resolvers of GraphQL apart, without the values of the query', async () => {
  for (const file of await bothKinds('otel/graphql.mjs')) {
    const run = await observe(
      file,
      ['ok', 'list', 'fail'],
      {},
      (seen) => ['ok', 'fail'].every((path) => seen.trace(path).length === 4) && seen.trace('list').length >= 5,
    );
    const listed = run.trace('list').flatMap(({ name }) => (name.startsWith('graphql.resolve') ? [name] : []));
    expect(listed.toSorted()).toEqual(['graphql.resolve beds', 'graphql.resolve beds.*.size']);
    expect(tree(run.trace('ok'), run.request('ok').spanId)).toBe(
      'graphql.parse, graphql.validate, query Find > (graphql.resolve bed)',
    );
    const failed = run.trace('fail').find(({ name }) => name === 'graphql.resolve broken');
    expect(failed?.status).toEqual({ code: 2, message: 'no such bed' });
    expect(JSON.stringify(run.spans.map((span) => span.attributes))).not.toContain('secret');
  }
});

it('sees a batch of dataloader with a link to each load', async () => {
  for (const file of await bothKinds('otel/dataloader.mjs')) {
    const run = await observe(file, ['ok', 'fail'], {}, (seen) => seen.trace('ok').length === 3);
    const batch = run.trace('ok').find(({ name }) => name === 'dataloader.batch');
    const loads = run.trace('ok').filter(({ name }) => name === 'dataloader.load');
    expect(batch?.links.map(({ spanId }) => spanId).sort()).toEqual(loads.map(({ spanId }) => spanId).sort());
  }
});

it('sees a resource of generic-pool being acquired', async () => {
  for (const file of await bothKinds('otel/generic-pool.mjs')) {
    const run = await observe(file, ['ok']);
    expect(tree(run.trace('ok'), run.request('ok').spanId)).toBe('generic-pool.acquire');
  }
});

it('keeps the context through lru-memoizer', async () => {
  for (const file of await bothKinds('otel/lru-memoizer.mjs')) {
    const found = (run: { logs: readonly { body: unknown }[] }) => run.logs.find(({ body }) => body === 'found it');
    const run = await observe(file, ['ok'], {}, (seen) => found(seen) !== undefined);
    expect(found(run)).toMatchObject({ traceId: run.request('ok').traceId, attributes: { 'correlation.id': 'on-ok' } });
  }
});

it('records what socket.io receives and sends, and correlates the lines of its handlers', async () => {
  for (const file of await bothKinds('otel/socket.io.mjs')) {
    const run = await observe(
      file,
      ['ok'],
      {},
      (seen) =>
        ['receive /', 'send /'].every((name) => seen.spans.some((span) => span.name === name)) &&
        seen.logs.some(({ body }) => body === 'admitting secret'),
    );
    const received = run.spans.find(
      ({ name, attributes }) => name === 'receive /' && attributes['messaging.socket.io.event_name'] === 'admit',
    );
    const sent = run.spans.find(({ name }) => name === 'send /');
    expect(received).toMatchObject({ kind: 'consumer', attributes: { 'messaging.system': 'socket.io' } });
    expect(sent).toMatchObject({ kind: 'producer', parentSpanId: received?.spanId });
    expect(run.logs.find(({ body }) => body === 'admitting secret')).toMatchObject({ spanId: received?.spanId });
  }
});

it('sends the context along in messages of the AWS SDK and records what AWS refuses', async () => {
  for (const file of await bothKinds('otel/aws-sdk.mjs')) {
    const run = await observe(file, ['ok', 'fail'], {}, (seen) =>
      ['ok', 'fail'].every((path) => seen.trace(path).some(({ kind }) => kind === 'producer')),
    );
    const sent = run.trace('ok').find(({ kind }) => kind === 'producer');
    expect(sent).toMatchObject({
      name: 'beds send',
      parentSpanId: run.request('ok').spanId,
      attributes: { 'messaging.system': 'aws_sqs', 'messaging.destination.name': 'beds', 'correlation.id': 'on-ok' },
    });
    expect(JSON.parse(run.answers['ok'] ?? '')).toMatchObject({
      traceparent: { StringValue: expect.stringContaining(sent?.spanId ?? '-') },
      'x-correlation-id': { StringValue: 'on-ok' },
    });
    expect(run.trace('fail').find(({ kind }) => kind === 'producer')?.status.code).toBe(2);
  }
});
