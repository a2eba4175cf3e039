import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { installElasticsearch, startElasticsearch } from '../../bootstrap/elasticsearch.mjs';

const missing = await installElasticsearch().then(
  () => undefined,
  (error: Error) => error.message,
);

let dataDir: string;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'orrery-elasticsearch-'));
});

afterAll(() => rm(dataDir, { recursive: true, force: true }));

test.skipIf(missing)('has after a crash what it had acknowledged, and stops when asked', async () => {
  const json = { 'content-type': 'application/json' };
  const first = await startElasticsearch({ dataDir });
  const written = await fetch(`${first.url}/orrery-try/_doc/1`, { method: 'PUT', body: '{"a":1}', headers: json });
  expect(written.status).toBe(201);
  await first.kill('SIGKILL');
  await expect(fetch(first.url)).rejects.toThrow('fetch failed');

  const second = await startElasticsearch({ dataDir, port: Number(new URL(first.url).port) });
  try {
    expect(second.url).toBe(first.url);
    expect(await (await fetch(`${second.url}/orrery-try/_doc/1`)).json()).toMatchObject({ _source: { a: 1 } });
  } finally {
    await second.stop();
  }
  expect(() => process.kill(second.pid, 0)).toThrow('ESRCH');
});
