import type { OrreryConfig } from '../config/schema.js';
import { logDirectory } from '../ingest/run-ingest.js';
import type { DeadLetters } from '../store/dead-letters.js';
import { type RunStoreConfig, runStore } from '../store/tail/run-store.js';
import { openStepTrace } from './open-step-trace.js';
import type { Role } from './role.js';
import { followSagaDefinitions } from './saga-definitions.js';

const HOUR_MS = 3_600_000;
/** How long the start waits for Elasticsearch to make the first indices. */
const PREPARE_PATIENCE_MS = 15_000;

export const startStore: Role = async ({ config, logger }) => {
  const sagas = await followSagaDefinitions(config.sagas, logger);
  const { duckdb, elasticsearch } = config;
  const log = logDirectory(config.data_dir);
  const openElasticsearch = async (deadLetters: DeadLetters) => {
    // Its client takes 20 MB, which a store in DuckDB does not need.
    const { openElasticsearchStore } = await import('../store/elasticsearch/open-elasticsearch-store.js');
    const store = await openElasticsearchStore(elasticsearch, {
      deadLetters,
      logDirectory: log,
      definitions: () => sagas.current,
    });
    await store.prepare(AbortSignal.timeout(PREPARE_PATIENCE_MS)).catch((error: unknown) => {
      // Telemetry is taken all the same; whatever it is, it may be put right while this runs.
      logger.warn((error as Error).message);
    });
    return store;
  };
  const running = await runStore(
    {
      dataDirectory: config.data_dir,
      logDirectory: log,
      sliceMs: duckdb.slice_minutes * 60_000,
      memoryBytes: duckdb.memory_bytes,
      threads: duckdb.threads,
      retentionMs: duckdb.retention_hours * HOUR_MS,
      retentionBytes: duckdb.retention_bytes,
      rowsRetentionMs: rowsRetention(duckdb.retention),
    },
    {
      definitions: () => sagas.current,
      info: (sentence) => logger.info(sentence),
      warn: (sentence) => logger.warn(sentence),
      steps: openStepTrace(config.self.step_trace),
      ...(config.store === 'elasticsearch' ? { open: openElasticsearch } : {}),
    },
  );
  return {
    sentence:
      config.store === 'elasticsearch'
        ? `store in Elasticsearch at ${withoutCredentials(elasticsearch.url)}`
        : 'store in DuckDB',
    stop: async () => {
      sagas.stop();
      await running.stop();
    },
  };
};

function rowsRetention(hours: OrreryConfig['duckdb']['retention']): NonNullable<RunStoreConfig['rowsRetentionMs']> {
  const { traces_hours: traces, logs_hours: logs, metrics_hours: metrics } = hours;
  return {
    ...(traces === undefined ? {} : { traces: traces * HOUR_MS }),
    ...(logs === undefined ? {} : { logs: logs * HOUR_MS }),
    ...(metrics === undefined ? {} : { metrics: metrics * HOUR_MS }),
  };
}

function withoutCredentials(url: string): string {
  return url.replaceAll(/\/\/[^/@,]*@/g, '//');
}
