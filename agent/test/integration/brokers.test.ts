import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  hasKafka,
  missingServers,
  type RunningServer,
  startKafka,
  startNats,
  startRabbitmq,
  startRedis,
} from '../../../deploy/bootstrap/servers.mjs';
import { bothKinds } from '../sink/fixture-kinds.js';
import { type ObservedRun, observe } from '../sink/observed-run.js';

/** The one span of that kind in the trace of a request. */
function only(run: ObservedRun, path: string, kind: string) {
  const found = run.trace(path).filter((span) => span.kind === kind);
  expect(found.map(({ name }) => name)).toHaveLength(1);
  return found[0];
}

/** Producer under the request, consumer under the producer, the consumer's log line at the consumer's span. */
function expectHandedOver(run: ObservedRun, path: string, line: string, attributes: Record<string, unknown>): void {
  const sent = only(run, path, 'producer');
  const handled = only(run, path, 'consumer');
  expect(sent).toMatchObject({
    parentSpanId: run.request(path).spanId,
    attributes: { ...attributes, 'messaging.operation.type': 'send', 'correlation.id': `on-${path}` },
  });
  expect(handled).toMatchObject({
    parentSpanId: sent?.spanId,
    attributes: { ...attributes, 'messaging.operation.type': 'process', 'correlation.id': `on-${path}` },
  });
  expect(run.logs.find(({ body }) => body === line)).toMatchObject({
    traceId: handled?.traceId,
    spanId: handled?.spanId,
    attributes: { 'correlation.id': `on-${path}` },
  });
}

function expectLine(run: ObservedRun, path: string, line: string, spanId: string | undefined): void {
  expect(run.logs.find(({ body }) => body === line)).toMatchObject({
    traceId: run.request(path).traceId,
    spanId,
    attributes: { 'correlation.id': `on-${path}` },
  });
}

const handedOver = (run: ObservedRun, ...paths: string[]): boolean =>
  paths.every((path) => run.trace(path).length === 2) &&
  run.logs.filter(({ body }) => String(body).startsWith('handling')).length >= paths.length;

describe.skipIf(missingServers().includes('RabbitMQ'))('amqplib on a real RabbitMQ', () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await startRabbitmq();
  });
  afterAll(() => server.stop());

  it('carries trace and correlation id in message headers; a message that is refused is an error', async () => {
    for (const file of await bothKinds('otel/amqplib.mjs')) {
      const run = await observe(file, ['ok', 'fail'], { env: { SERVER_URL: server.url } }, (seen) =>
        handedOver(seen, 'ok', 'fail'),
      );
      expect(run.stderr).toBe('');
      const attributes = {
        'messaging.system': 'rabbitmq',
        'messaging.destination.name': 'wards',
        'messaging.rabbitmq.destination.routing_key': 'admitted',
        'server.address': '127.0.0.1',
      };
      expectHandedOver(run, 'ok', 'handling bed', attributes);
      expectHandedOver(run, 'fail', 'handling broken', attributes);
      expect(only(run, 'ok', 'consumer')?.status.code).toBe(0);
      expect(only(run, 'fail', 'consumer')?.status.code).toBe(2);
      expect(JSON.stringify(run.spans.map((span) => span.attributes))).not.toContain('guest:guest');
    }
  });
});

describe.skipIf(!hasKafka())('kafkajs on a real Kafka', () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await startKafka();
  });
  afterAll(() => server.stop());

  it('carries trace and correlation id in message headers; a handler that throws is an error', async () => {
    for (const file of await bothKinds('otel/kafkajs.mjs')) {
      const env = { SERVER_URL: server.url };
      const run = await observe(
        file,
        ['ok', 'many', 'fail'],
        { env },
        (seen) =>
          seen.trace('ok').length === 2 &&
          seen.trace('fail').length >= 2 &&
          seen.spans.filter(({ links }) => links.length > 0).length === 2 &&
          seen.logs.some(({ body }) => body === 'handling broken'),
      );
      const destination = run.trace('ok')[0]?.attributes['messaging.destination.name'];
      const attributes = { 'messaging.system': 'kafka', 'messaging.destination.name': destination };
      expectHandedOver(run, 'ok', 'handling bed', attributes);
      const failed = run.trace('fail').find(({ kind }) => kind === 'consumer');
      expect(failed?.status).toEqual({ code: 2, message: 'no such bed' });

      // A batch is one piece of work with a span a message, each linked to where it was sent.
      const sent = run.trace('many').filter(({ kind }) => kind === 'producer');
      const handled = run.spans.filter(({ links }) => links.length > 0);
      expect(sent).toHaveLength(2);
      expect(handled.map(({ links }) => links[0]?.spanId).sort()).toEqual(sent.map(({ spanId }) => spanId).sort());
      expect(new Set(handled.map(({ parentSpanId }) => parentSpanId)).size).toBe(1);
    }
  });
});

describe.skipIf(missingServers().includes('NATS'))('nats on a real NATS server', () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await startNats();
  });
  afterAll(() => server.stop());

  it.each(['nats', 'nats-core'])('carries trace and correlation id of %s in message headers', async (fixture) => {
    for (const file of await bothKinds(`otel/${fixture}.mjs`)) {
      const env = { SERVER_URL: server.url };
      const run = await observe(
        file,
        ['ok', 'ask', 'loop', 'stream', 'fail'],
        { env },
        (seen) =>
          handedOver(seen, 'ok', 'ask', 'loop') && seen.trace('fail').length === 1 && seen.trace('stream').length === 4,
      );
      expect(run.stderr).toBe('');
      expectHandedOver(run, 'ok', 'handling bed', {
        'messaging.system': 'nats',
        'messaging.destination.name': 'wards.7.admitted',
      });
      expect(only(run, 'ok', 'consumer')).toMatchObject({
        name: 'process wards.*.admitted',
        attributes: { 'messaging.destination.template': 'wards.*.admitted' },
      });
      expect(run.answers['ask']).toBe('"found"');
      expect(only(run, 'ask', 'consumer')?.parentSpanId).toBe(only(run, 'ask', 'producer')?.spanId);
      expect(only(run, 'fail', 'producer')).toMatchObject({ name: 'request nobody.there', status: { code: 2 } });

      // A loop's body takes the context from the headers; its messages have their spans all the same.
      expect(only(run, 'loop', 'consumer')?.parentSpanId).toBe(only(run, 'loop', 'producer')?.spanId);
      expectLine(run, 'loop', 'handling looped', only(run, 'loop', 'producer')?.spanId);

      // JetStream: one stream, consumed by a callback, by a loop and by a fetched batch.
      const stored = only(run, 'stream', 'producer');
      const consumed = run.trace('stream').filter(({ kind }) => kind === 'consumer');
      expect(consumed.map(({ attributes }) => attributes['messaging.consumer.group.name']).sort()).toEqual([
        'called',
        'fetched',
        'looped',
      ]);
      for (const span of consumed) {
        expect(span).toMatchObject({
          name: expect.stringMatching(/^process beds-\d+$/),
          parentSpanId: stored?.spanId,
          attributes: {
            'messaging.destination.name': expect.stringMatching(/^made\.\d+$/),
            'correlation.id': 'on-stream',
          },
        });
      }
      const called = consumed.find(({ attributes }) => attributes['messaging.consumer.group.name'] === 'called');
      expectLine(run, 'stream', 'handling made, called', called?.spanId);
      expectLine(run, 'stream', 'handling made, looped', stored?.spanId);
      expectLine(run, 'stream', 'handling made, fetched', stored?.spanId);
    }
  });
});

describe.skipIf(missingServers().includes('Redis'))('bullmq on a real Redis', () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.stop());

  it.each(['bullmq', 'bullmq-5'])('carries trace and correlation id of %s in its jobs', async (installed) => {
    for (const file of await bothKinds('otel/bullmq.mjs', { bullmq: installed })) {
      const run = await observe(file, ['ok', 'fail'], { env: { SERVER_URL: server.url } }, (seen) =>
        ['ok', 'fail'].every((path) => seen.trace(path).some(({ kind }) => kind === 'consumer')),
      );
      const { name } = only(run, 'ok', 'consumer') ?? { name: '' };
      const attributes = { 'messaging.system': 'bullmq', 'messaging.destination.name': name.replace('process ', '') };
      expectHandedOver(run, 'ok', 'handling bed', attributes);
      expectHandedOver(run, 'fail', 'handling broken', attributes);
      expect(only(run, 'ok', 'consumer')?.status.code).toBe(0);
      expect(only(run, 'fail', 'consumer')?.status.code).toBe(2);
      expect(JSON.stringify(run.spans.map((span) => span.attributes))).not.toContain('secret');
    }
  });
});
