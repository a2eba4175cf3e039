import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import Fastify from 'fastify';
import { validatorCompiler } from 'fastify-type-provider-zod';
import { expect, it } from 'vitest';
import type { TelemetryReader } from '../../../store/store.js';
import type { LogRow } from '../../contract/index.js';
import { Routes } from '../../contract/index.js';
import type { ApiDeps } from '../api-deps.js';
import { logTailRoute } from './log-tail-route.js';

const PAGE = 500;
const line = { body: 'a line of a flood, '.repeat(100) } as LogRow;
/** Always has more lines: five hundred of two kilobytes each. */
const flood = {
  logsSince: async () => ({ logs: Array.from({ length: PAGE }, () => line), next: '1', dropped: 0 }),
} as unknown as TelemetryReader;

it('cuts off who never reads, holds little for them, and serves others meanwhile', async () => {
  const app = Fastify();
  app.setValidatorCompiler(validatorCompiler);
  logTailRoute(app, { reader: flood, limits: { streams: 2, streamStallMs: 200 } } as ApiDeps);
  const accepted: Socket[] = [];
  app.server.on('connection', (socket: Socket) => accepted.push(socket));
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  const open = async () => {
    const client = connect(port, '127.0.0.1');
    client.on('error', () => undefined);
    client.write(`GET ${Routes.logTail} HTTP/1.1\r\nhost: localhost\r\n\r\n`);
    await once(app.server, 'request');
    return { client, server: accepted.at(-1) as Socket };
  };

  const silent = await open();
  silent.client.pause();
  const reading = await open();
  let most = 0;
  let lines = 0;
  reading.client.on('data', (chunk: Buffer) => {
    lines += chunk.toString('latin1').split('event: log').length - 1;
    most = Math.max(most, silent.server.writableLength);
  });
  await once(silent.server, 'close');
  expect(most).toBeLessThan(2 << 20);
  // Its place is free, and the other goes on.
  const before = lines;
  const third = await open();
  third.client.resume();
  while (lines <= before + PAGE) await once(reading.client, 'data');
  reading.client.destroy();
  third.client.destroy();
  await app.close();
});
