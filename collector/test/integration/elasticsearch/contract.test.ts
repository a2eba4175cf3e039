import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from 'vitest';
import { DeadLetters } from '../../../src/store/dead-letters.js';
import { openElasticsearchStore } from '../../../src/store/elasticsearch/open-elasticsearch-store.js';
import { describeStore } from '../../contract/store.contract.js';
import type { OpenStore, StoreUnderTest } from '../../contract/store-under-test.js';
import { sharedServer } from './running-server.js';

let es: Awaited<ReturnType<typeof sharedServer>>;

beforeAll(async () => {
  es = await sharedServer();
});
afterAll(() => es?.end());

async function openAt(prefix: string, options: Parameters<OpenStore>[0]): Promise<StoreUnderTest> {
  const store = await openElasticsearchStore(es.config({ index_prefix: prefix }), {
    logDirectory: es.folder(prefix),
    deadLetters: await DeadLetters.open(es.folder(`${prefix}-quarantine`)),
    ...options,
    definitions: () => options.definitions,
  });
  return {
    reader: store.reader,
    writer: {
      ...store.writer,
      // What is written is on the screen within a second; the battery asks at once.
      async write(records, signal) {
        const report = await store.writer.write(records, signal);
        await es.client.indices.refresh({ index: `${prefix}-*` });
        return report;
      },
    },
    async replay(record) {
      const outcome = await store.replay(record, new AbortController().signal);
      await es.client.indices.refresh({ index: `${prefix}-*` });
      return outcome;
    },
    async reopen() {
      await store.close();
      return openAt(prefix, options);
    },
    async close() {
      await store.close();
      const indices = Object.keys(await es.client.indices.get({ index: `${prefix}-*` }));
      for (const index of indices) await es.client.indices.delete({ index });
    },
  };
}

describeStore('Elasticsearch', (options) => openAt(`battery-${randomUUID().slice(0, 8)}`, options));
