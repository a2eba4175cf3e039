import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase, rowsOf } from '../database.js';
import { BlockCache } from './block-cache.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'orrery-blocks-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('blocks that were written are let go of, and questions have all the memory again', async () => {
  const instance = await openDatabase({ memoryLimit: '512MB', threads: 1, spillDirectory: path.join(folder, 'spill') });
  const connection = await instance.connect();
  await connection.run(`ATTACH '${path.join(folder, 'slice.duckdb')}' AS slice`);
  await connection.run('CREATE TABLE slice.rows AS SELECT hash(i) AS n FROM range(2000000) numbers(i)');
  await connection.run('CHECKPOINT slice');
  await connection.run('SELECT sum(n) FROM slice.rows');
  const blocks = async () => {
    const [row] = await rowsOf(
      connection,
      "SELECT memory_usage_bytes::DOUBLE AS bytes FROM duckdb_memory() WHERE tag = 'BASE_TABLE'",
    );
    return row?.bytes as number;
  };
  const limit = async () => (await rowsOf(connection, "SELECT current_setting('memory_limit') AS size"))[0]?.size;
  const [heldBefore, limitBefore] = [await blocks(), await limit()];
  expect(heldBefore).toBeGreaterThan(12e6);

  const cache = new BlockCache(connection, '512MB', 4e6);
  await cache.stored(1000);
  expect(await blocks()).toBe(heldBefore);
  await cache.stored(2_000_000);
  expect(await blocks()).toBeLessThan(6e6);
  expect(await limit()).toBe(limitBefore);

  connection.closeSync();
  instance.closeSync();
});
