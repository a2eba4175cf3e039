import type { Logger } from 'pino';
import type { SystemHealth } from '../api/serve/system-health.js';
import type { OrreryConfig } from '../config/schema.js';
import type { LetterDesk } from '../store/set-aside/letter-desk.js';
import type { TelemetryReader } from '../store/store.js';
import { createStoreClient } from '../store/tail/store-client.js';
import { storeSocket } from '../store/tail/store-socket.js';
import { followSagaDefinitions } from './saga-definitions.js';

export interface OpenReader {
  reader: TelemetryReader;
  letters: LetterDesk;
  health: Omit<SystemHealth, 'ingest' | 'ingestMetrics'>;
  close(): Promise<void>;
}

/** Questions go to the store process, or to Elasticsearch itself; how far the store is behind, only its process knows. */
export async function openReader(config: OrreryConfig, logger: Logger): Promise<OpenReader> {
  const client = createStoreClient(storeSocket(config.data_dir));
  const store: SystemHealth['store'] = (signal) => client.health(signal);
  if (config.store === 'duckdb')
    return { reader: client.reader, letters: client.letters, health: { store }, close: async () => client.close() };

  const { openElasticsearchStore } = await import('../store/elasticsearch/open-elasticsearch-store.js');
  const sagas = await followSagaDefinitions(config.sagas, logger);
  const opened = await openElasticsearchStore(config.elasticsearch, { definitions: () => sagas.current });
  const elasticsearch = async (): Promise<void> => {
    const { ok, sentence } = await opened.health();
    if (!ok) throw new Error(sentence);
  };
  return {
    reader: opened.reader,
    letters: client.letters,
    health: { store, elasticsearch },
    close: async () => {
      sagas.stop();
      client.close();
      await opened.close();
    },
  };
}
