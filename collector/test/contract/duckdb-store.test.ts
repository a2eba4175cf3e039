import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DeadLetters } from '../../src/store/dead-letters.js';
import { openDuckdbStore } from '../../src/store/duckdb/open-duckdb-store.js';
import { describeStore } from './store.contract.js';
import type { OpenStore, StoreUnderTest } from './store-under-test.js';

async function openAt(dataDirectory: string, options: Parameters<OpenStore>[0]): Promise<StoreUnderTest> {
  const deadLetters = await DeadLetters.open(path.join(dataDirectory, 'quarantine'));
  const store = await openDuckdbStore({
    ...options,
    dataDirectory,
    deadLetters,
    definitions: () => options.definitions,
  });
  return {
    writer: store.writer,
    reader: store.reader,
    replay: (record) => store.replay(record),
    async reopen() {
      await store.close();
      return await openAt(dataDirectory, options);
    },
    async close() {
      await store.close();
      await rm(dataDirectory, { recursive: true, force: true });
    },
  };
}

describeStore('DuckDB', async (options) => {
  return await openAt(await mkdtemp(path.join(tmpdir(), 'orrery-store-')), options);
});
