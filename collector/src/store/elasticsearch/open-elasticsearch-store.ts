import type { SagaDefinition } from '../../project/saga/definition.js';
import { StoreError, type TelemetryReader, type TelemetryWriter } from '../store.js';
import { connect } from './client.js';
import type { ElasticsearchConfig } from './config.js';
import { asStoreError } from './errors.js';
import { IndexNames } from './indices.js';
import { logIdentity } from './log-identity.js';
import { makeSlices } from './make-slice.js';
import { createElasticsearchReader } from './read/elasticsearch-reader.js';
import { deleteOldSlices } from './retention.js';
import { installTemplates } from './templates.js';
import { createElasticsearchWriter } from './write/elasticsearch-writer.js';

export interface ElasticsearchStoreParts {
  /** Folder of the write-ahead log that the writer follows; leave it out where nothing is written (`api`). */
  logDirectory?: string;
  /** Saga definitions: choreographed sagas are recognised while writing, all are folded with them while reading. */
  definitions?: () => SagaDefinition[];
  now?: () => number;
}

export interface ElasticsearchStore {
  writer: TelemetryWriter;
  reader: TelemetryReader;
  /** Whether the cluster answers, in a sentence for people. Never throws. */
  health(): Promise<{ ok: boolean; sentence: string }>;
  /**
   * Installs the templates and makes the indices of the present slice, unless that is done: what comes first then waits
   * for no shard.
   */
  prepare(signal: AbortSignal): Promise<void>;
  /** Makes the indices of slices before their time, and deletes what is older than the configuration keeps; returns those. */
  retain(nowMs: number, signal: AbortSignal): Promise<string[]>;
  /** Ends everything that was started; a write that is under way is finished first. */
  close(): Promise<void>;
}

/**
 * The store on Elasticsearch. Opening touches nothing but the log's folder, so that a collector starts, and keeps what
 * it receives in its log, while the cluster is away; templates are installed with the first write that reaches it.
 */
export async function openElasticsearchStore(
  config: ElasticsearchConfig,
  { logDirectory, definitions = () => [], now = Date.now }: ElasticsearchStoreParts = {},
): Promise<ElasticsearchStore> {
  const names = new IndexNames(config.index_prefix, config.slice_minutes);
  const client = connect(config);
  const log = logDirectory === undefined ? null : await logIdentity(logDirectory);
  let prepared = false;
  const prepare = async (signal: AbortSignal) => {
    if (prepared) return;
    await installTemplates(client, names, config, signal);
    prepared = true;
  };
  const writer =
    log === null ? noWriter() : createElasticsearchWriter({ client, config, names, log, definitions, prepare });
  return {
    writer,
    reader: createElasticsearchReader({ client, names, definitions }),
    async health() {
      try {
        const { status } = await client.cluster.health({ timeout: '2s' }, { requestTimeout: 4000 });
        if (status === 'red')
          return { ok: false, sentence: 'Elasticsearch answers, but some of its shards are missing (status red).' };
        return { ok: true, sentence: `Elasticsearch answers, status ${status}.` };
      } catch (error) {
        return { ok: false, sentence: asStoreError(error, 'asking for its health').message };
      }
    },
    async prepare(signal) {
      await prepare(signal);
      await makeSlices(client, names, now(), signal);
    },
    async retain(nowMs, signal) {
      if (prepared) await makeSlices(client, names, nowMs, signal);
      return deleteOldSlices(client, names, config.retention_hours, nowMs);
    },
    async close() {
      await writer.close();
      await client.close();
    },
  };
}

function noWriter(): TelemetryWriter {
  const refuse = () =>
    Promise.reject(
      new StoreError('store_cannot', 'This process only reads: it was given no log.', { retryable: false }),
    );
  return { cursor: refuse, write: refuse, close: () => Promise.resolve() };
}
