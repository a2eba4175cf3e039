import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { Aedes } from 'aedes';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type OtlpSink, startSink } from '../sink/otlp-sink.js';
import { runApp } from '../sink/run-app.js';

let sink: OtlpSink;
let broker: Aedes;
let server: Server;
beforeEach(async () => {
  sink = await startSink();
  broker = await Aedes.createBroker();
  server = createServer(broker.handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  await sink.close();
  await new Promise<void>((resolve) => broker.close(() => resolve()));
  server.close();
});

it('carries trace, correlation id and baggage through a CloudEvent and touches no other payload', async () => {
  const url = `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const running = runApp('mqtt.mjs', { collector: sink.url, env: { BROKER_URL: url } });
  await fetch(`http://127.0.0.1:${await running.port}/`, {
    headers: { 'x-correlation-id': 'r7', baggage: 'saga.id=s1,other=x' },
  });
  await sink.until(() => sink.spans.filter(({ kind }) => kind === 'consumer').length === 2, 'consumer spans');
  await running.stop();

  const publish = sink.spans.find(({ name }) => name === 'publish admitted');
  const process = sink.spans.find(({ name }) => name === 'process admitted');
  const request = sink.spans.find(({ kind }) => kind === 'server');
  expect(publish).toMatchObject({ kind: 'producer', traceId: request?.traceId, parentSpanId: request?.spanId });
  expect(process).toMatchObject({
    kind: 'consumer',
    traceId: publish?.traceId,
    parentSpanId: publish?.spanId,
    attributes: {
      'messaging.system': 'mqtt',
      'messaging.destination.name': 'admitted',
      'correlation.id': 'r7',
      'saga.id': 's1',
    },
  });
  expect(sink.logs.find(({ body }) => body === 'handling admitted')).toMatchObject({
    traceId: publish?.traceId,
    spanId: process?.spanId,
  });

  const { stdout } = running.output();
  expect(stdout).toContain('got plain {"bed":4}');
  const event = JSON.parse(/got admitted (.*)/.exec(stdout)?.[1] ?? '{}') as Record<string, unknown>;
  expect(event).toMatchObject({
    data: { bed: 4 },
    traceparent: expect.stringContaining(publish?.spanId ?? '-'),
    correlationid: 'r7',
  });
});
