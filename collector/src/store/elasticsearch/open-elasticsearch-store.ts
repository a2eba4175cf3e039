import { logIdentity } from '../../log/log-identity.js';
import type { LogRecord } from '../../log/log-record.js';
import type { SagaDefinition } from '../../project/saga/definition.js';
import type { SagaCaps } from '../answers/saga-caps.js';
import type { DeadLetters } from '../dead-letters.js';
import type { LetterPlace } from '../set-aside/letter-desk.js';
import { StoreError, type TelemetryReader, type TelemetryWriter } from '../store.js';
import { connect } from './client.js';
import type { ElasticsearchConfig } from './config.js';
import { documentLetters } from './document-letters.js';
import { asStoreError } from './errors.js';
import { IndexNames } from './indices.js';
import { makeSlices } from './make-slice.js';
import { createElasticsearchReader } from './read/elasticsearch-reader.js';
import { deleteOldSlices } from './retention.js';
import { installTemplates } from './templates.js';
import { BulkSender } from './write/bulk-sender.js';
import { createElasticsearchWriter, type WriterParts } from './write/elasticsearch-writer.js';

export interface ElasticsearchStoreParts {
  /** Folder of the write-ahead log that the writer follows; leave it out where nothing is written (`api`). */
  logDirectory?: string;
  /** Where records go whose body can not be read; without it they fail their write, for good. */
  deadLetters?: DeadLetters;
  /** Saga definitions: choreographed sagas are recognised while writing, all are folded with them while reading. */
  definitions?: () => SagaDefinition[];
  now?: () => number;
  sagaCaps?: SagaCaps;
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
  /** Stores a record that was set aside, once, however often it is asked for. */
  replay(record: LogRecord, signal: AbortSignal): Promise<{ stored: boolean }>;
  /** Documents that the cluster refused. */
  letters: LetterPlace;
  /** Why nothing is stored at the moment although the process goes on trying; null while all is well. */
  trouble(): string | null;
  /** Ends everything that was started; a write that is under way is finished first. */
  close(): Promise<void>;
}

/**
 * The store on Elasticsearch. Opening touches nothing but the log's folder, so that a collector starts, and keeps what
 * it receives in its log, while the cluster is away; templates are installed with the first write that reaches it.
 */
export async function openElasticsearchStore(
  config: ElasticsearchConfig,
  { logDirectory, deadLetters, definitions = () => [], now = Date.now, sagaCaps }: ElasticsearchStoreParts = {},
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
  const sender = new BulkSender(client);
  const writerOf = (name: string, counted: string, setAside: WriterParts['setAside']) =>
    createElasticsearchWriter({
      client,
      sender,
      config,
      names,
      log: name,
      counted,
      setAside,
      definitions,
      prepare,
      now,
    });
  const unreadable = (_: LogRecord, reason: string) =>
    Promise.reject(new StoreError('record_unstorable', reason, { retryable: false }));
  const writer =
    log === null
      ? noWriter()
      : writerOf(log, log, (record, reason) => deadLetters?.add(record, reason) ?? unreadable(record, reason));
  return {
    writer,
    reader: createElasticsearchReader({ client, names, definitions, ...(sagaCaps ? { sagaCaps } : {}) }),
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
      return deleteOldSlices(client, names, config, nowMs, signal);
    },
    async replay(record, signal) {
      if (log === null)
        return noWriter()
          .write([record], signal)
          .then(() => ({ stored: false }));
      const once = writerOf(log, `${log}-${record.position}`, () => Promise.resolve());
      const report = await once.write([record], signal);
      await once.close();
      return { stored: report.spans + report.logs + report.metricPoints > 0 || report.deadLetters === 0 };
    },
    letters: documentLetters(client, names),
    trouble: () => sender.trouble,
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
