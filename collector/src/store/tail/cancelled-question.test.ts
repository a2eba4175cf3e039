import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import Fastify from 'fastify';
import { expect, it } from 'vitest';
import { askStore } from '../../api/serve/ask-store.js';
import { Params } from '../duckdb/read/params.js';
import { QueryRunner } from '../duckdb/read/query-runner.js';
import type { TelemetryReader } from '../store.js';
import { createStoreClient } from './store-client.js';
import { serveStore } from './store-server.js';
import { storeSocket } from './store-socket.js';

/** Takes minutes of all threads, unless somebody ends it. */
const SLOW = 'SELECT sum(a.range * b.range) AS n FROM range(10000000) a, range(1000000) b';

it('is ended in DuckDB when the client of the API goes', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'orrery-cancelled-'));
  const instance = await DuckDBInstance.create(':memory:');
  const runner = await QueryRunner.open(instance, { connections: 1, timeoutMs: 600_000, waiting: 1 });
  let begin: () => void;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  let running: Promise<unknown> | undefined;
  // Through both processes' own code: the API's route, the socket between them, and a connection of the store.
  const reader = {
    services: (_question: unknown, signal: AbortSignal) => {
      running = runner.rows(SLOW, new Params(), signal);
      running.catch(() => undefined);
      begin();
      return running;
    },
  } as unknown as TelemetryReader;
  const store = await serveStore(storeSocket(folder), {
    reader,
    letters: {} as never,
    health: () => Promise.reject(new Error('not asked')),
  });
  const client = createStoreClient(storeSocket(folder));
  const app = Fastify();
  app.get('/', (request) => askStore(request, 600_000, (signal) => client.reader.services({} as never, signal)));
  const address = await app.listen({ port: 0, host: '127.0.0.1' });

  const leaving = new AbortController();
  const asked = fetch(address, { signal: leaving.signal }).catch(() => 'gone');
  await begun;
  leaving.abort();
  expect(await asked).toBe('gone');
  // DuckDB itself has stopped: the only connection answers the next.
  await expect(running).rejects.toBeDefined();
  expect(await runner.rows('SELECT 1 AS n', new Params(), AbortSignal.timeout(60_000))).toEqual([{ n: 1 }]);

  await app.close();
  client.close();
  store.close();
  runner.close();
  instance.closeSync();
  await rm(folder, { recursive: true });
});
