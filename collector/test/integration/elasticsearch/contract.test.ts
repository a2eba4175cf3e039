import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from 'vitest';
import type { SagaDefinition } from '../../../src/project/saga/definition.js';
import { DeadLetters } from '../../../src/store/dead-letters.js';
import { openElasticsearchStore } from '../../../src/store/elasticsearch/open-elasticsearch-store.js';
import { describeStore } from '../../contract/store.contract.js';
import type { StoreUnderTest } from '../../contract/store-under-test.js';
import { sharedServer } from './running-server.js';

let es: Awaited<ReturnType<typeof sharedServer>>;

beforeAll(async () => {
  es = await sharedServer();
});
afterAll(() => es?.end());

async function openAt(prefix: string, definitions: SagaDefinition[]): Promise<StoreUnderTest> {
  const store = await openElasticsearchStore(es.config({ index_prefix: prefix }), {
    logDirectory: es.folder(prefix),
    deadLetters: await DeadLetters.open(es.folder(`${prefix}-quarantine`)),
    definitions: () => definitions,
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
      return openAt(prefix, definitions);
    },
    async close() {
      await store.close();
      const indices = Object.keys(await es.client.indices.get({ index: `${prefix}-*` }));
      for (const index of indices) await es.client.indices.delete({ index });
    },
  };
}

describeStore('Elasticsearch', ({ definitions }) => openAt(`battery-${randomUUID().slice(0, 8)}`, definitions));
