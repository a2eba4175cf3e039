import type { Client } from '@elastic/elasticsearch';
import { type LogPosition, type LogRecord, Signal } from '../../../log/log-record.js';
import type { EdgeDelta, Projection, RedDelta, SenderFact, TraceDelta } from '../../../project/projection.js';
import type { SagaDefinition } from '../../../project/saga/definition.js';
import { StoreError, type TelemetryWriter, type WriteReport } from '../../store.js';
import type { ElasticsearchConfig } from '../config.js';
import { edgeKey, edgeMerging, redKey, redMerging, senderMerging, traceMerging } from '../delta-documents.js';
import { breakerDocument, sagaDocument } from '../fact-documents.js';
import type { IndexNames } from '../indices.js';
import type { BulkSender } from './bulk-sender.js';
import { deadLetters, type Refused } from './dead-letters.js';
import type { DocumentBatch } from './document-batch.js';
import { documentHash } from './document-hash.js';
import { documentId } from './item-context.js';
import { LogCursor } from './log-cursor.js';
import { MergedDocuments } from './merged-documents.js';
import { RecentMap } from './recent-map.js';
import { createReadRecord, type RecordDocuments } from './record-documents.js';
import { removeRepeatedLetters } from './repeated-letters.js';
import { SendQueue } from './send-queue.js';
import { openSlice, type Slice } from './slice.js';
import { SpareBatches } from './spare-batches.js';

/** After a slice has changed, traces that were begun in the one before are looked for there for this long. */
const BEGUN_BEFORE_MS = 15 * 60_000;
/** Slices whose fields are remembered: the current one, the one before, and those of a backlog. */
const OPEN_SLICES = 4;
const REMEMBERED_IDS = 10_000;
/**
 * Items after which everything is written and the cursor moves: what waits to be merged is bounded, and a failure in the
 * middle of a backlog takes little with it.
 */
const PORTION = 50_000;

export interface WriterParts {
  client: Client;
  sender: BulkSender;
  config: ElasticsearchConfig;
  names: IndexNames;
  /** See log-identity.ts. */
  log: string;
  /**
   * Under which name summaries remember what is in them; the log's own when left out. A record that is replayed out of
   * its order counts under a name of its own: once, whatever of its log came after it.
   */
  counted?: string;
  /** Takes a record whose body can not be read, so that what else the batch holds is stored all the same. */
  setAside: (record: LogRecord, reason: string) => Promise<void>;
  definitions: () => SagaDefinition[];
  /** Called before every write; installs the templates until that has worked once. */
  prepare: (signal: AbortSignal) => Promise<void>;
  now: () => number;
}

/** Writes records of one log as documents: items with ids from their place in the log, and merged documents. */
export function createElasticsearchWriter(parts: WriterParts): TelemetryWriter {
  const { client, sender, config, names, log, counted = log, definitions, prepare, now } = parts;
  const spare = new SpareBatches(config.bulk_bytes, config.bulk_in_flight + 1);
  const readRecord = createReadRecord(log);
  const cursor = new LogCursor(client, names, counted);
  const red = new MergedDocuments<RedDelta>(client, sender, counted, redMerging);
  const edges = new MergedDocuments<EdgeDelta>(client, sender, counted, edgeMerging);
  const traces = new MergedDocuments<TraceDelta>(client, sender, counted, traceMerging);
  const senders = new MergedDocuments<SenderFact>(client, sender, counted, senderMerging);
  const slices = new Map<number, Slice>();
  const ids = new RecentMap<string>(REMEMBERED_IDS);
  let turn: Promise<unknown> = Promise.resolve();
  let stored: LogPosition | null = null;
  /** Where the last write began, while it is one that failed. */
  let failedAt: number | null = null;

  async function sliceAt(startMs: number, signal: AbortSignal): Promise<Slice> {
    const known = slices.get(startMs);
    if (known) return known;
    const slice = await openSlice(client, names, startMs, config.attribute_fields, signal);
    slices.set(startMs, slice);
    const oldest = slices.keys().next();
    if (slices.size > OPEN_SLICES && !oldest.done) slices.delete(oldest.value);
    return slice;
  }

  /** The keys of a minute come with every record. */
  function idOf(key: string): string {
    let id = ids.get(key);
    if (id === undefined) ids.set(key, (id = documentHash(log, key)));
    return id;
  }

  function merge(record: LogRecord, slice: Slice, projection: Projection): void {
    const { position } = record;
    const at = (kind: 'red' | 'edges' | 'traces') => names.slice(kind, slice.startMs);
    const sinceStart = Number(record.receivedNano / 1_000_000n) - slice.startMs;
    const before =
      sinceStart < Math.min(BEGUN_BEFORE_MS, names.sliceMs / 4)
        ? names.slice('traces', names.previousSliceMs(slice.startMs))
        : null;
    // Figures and edges are this log's alone, so that collectors do not wait for each other.
    const into = { red: at('red'), edges: at('edges'), traces: at('traces') };
    for (const delta of projection.red) red.add(into.red, null, idOf(redKey(delta)), position, delta);
    for (const delta of projection.edges) edges.add(into.edges, null, idOf(edgeKey(delta)), position, delta);
    for (const delta of projection.traces) traces.add(into.traces, before, delta.traceId, position, delta);
    for (const fact of projection.senders) {
      const id = documentHash(fact.service, fact.environment, fact.sdk, fact.sdkVersion);
      senders.add(names.alias('senders'), null, id, position, fact);
    }
  }

  function addFacts(record: LogRecord, slice: Slice, projection: Projection, batchFor: () => DocumentBatch): void {
    const id = documentId(log, record.position);
    for (const fact of projection.sagas) {
      const document = sagaDocument(fact);
      // By content: a definition that was changed before a replay finds other facts at the same place.
      const target = {
        _index: names.slice('saga-facts', slice.startMs),
        _id: `${id}-${documentHash(JSON.stringify(document))}`,
      };
      batchFor().add('create', target, document);
    }
    projection.breakers.forEach((fact, place) => {
      const target = { _index: names.slice('breaker-facts', slice.startMs), _id: `${id}-${place}` };
      batchFor().add('create', target, breakerDocument(fact));
    });
  }

  /** Null when the record's body can not be read: it is set aside, and what stands around it is stored. */
  async function readOrSetAside(record: LogRecord, slice: Slice): Promise<RecordDocuments | null> {
    try {
      return readRecord(record, slice, definitions());
    } catch (error) {
      if (!(error instanceof StoreError) || error.code !== 'record_unstorable') throw error;
      await parts.setAside(record, error.message);
      return null;
    }
  }

  /** Writes a portion of one slice's records; returns how many that were. */
  async function writePortion(
    records: LogRecord[],
    slice: Slice,
    report: WriteReport,
    signal: AbortSignal,
  ): Promise<number> {
    const queue = new SendQueue(sender, spare, config.bulk_in_flight, signal);
    const refused: Refused[] = [];
    let taken = 0;
    try {
      let batch = spare.take();
      const batchFor = () => {
        if (batch.out.length >= config.bulk_bytes) {
          queue.add(batch);
          batch = spare.take();
        }
        return batch;
      };
      let written = 0;
      for (const record of records) {
        if (written >= PORTION) break;
        taken++;
        const read = await readOrSetAside(record, slice);
        if (!read) {
          report.deadLetters += 1;
          continue;
        }
        const { projection, items, addRows } = read;
        for (let row = 0; row < items; ) {
          row = addRows(batchFor(), row, config.bulk_bytes);
          await queue.room();
        }
        written += items;
        addFacts(record, slice, projection, batchFor);
        merge(record, slice, projection);
        if (record.signal === Signal.traces) report.spans += items;
        else if (record.signal === Signal.logs) report.logs += items;
        else report.metricPoints += items;
      }
      queue.add(batch);
      refused.push(...(await queue.drained()));
      for (const documents of [red, edges, traces, senders]) refused.push(...(await documents.flush(signal)));
    } catch (error) {
      for (const documents of [red, edges, traces, senders]) documents.discard();
      await queue.settled();
      throw error;
    }
    if (refused.length > 0) {
      report.deadLetters += refused.length;
      await sender.send(deadLetters(refused, names, slice.startMs, now()), false, signal);
    }
    return taken;
  }

  async function write(records: LogRecord[], signal: AbortSignal): Promise<WriteReport> {
    const [first] = records;
    // A write that was waiting behind one that failed would carry the cursor past what is not stored.
    if (first && failedAt !== null && first.position > failedAt) {
      throw new StoreError('store_unavailable', 'The records before these are not stored yet.', { retryable: true });
    }
    failedAt = null;
    try {
      return await writeAll(records, signal);
    } catch (error) {
      failedAt = first?.position ?? null;
      throw error;
    }
  }

  async function writeAll(records: LogRecord[], signal: AbortSignal): Promise<WriteReport> {
    signal.throwIfAborted();
    await prepare(signal);
    const report: WriteReport = { spans: 0, logs: 0, metricPoints: 0, deadLetters: 0 };
    for (let from = 0; from < records.length; ) {
      const startMs = names.sliceStartMs(records[from]!.receivedNano);
      let to = from + 1;
      while (to < records.length && names.sliceStartMs(records[to]!.receivedNano) === startMs) to++;
      // One slice after the other: a trace may go on in the document that the slice before has begun.
      from += await writePortion(records.slice(from, to), await sliceAt(startMs, signal), report, signal);
      const { next } = records[from - 1]!;
      // Records that come again do not take it back.
      stored ??= await cursor.read();
      if (next <= stored) continue;
      await cursor.write(next, now(), signal);
      stored = next;
    }
    return report;
  }

  return {
    async cursor(): Promise<LogPosition> {
      await turn;
      await prepare(AbortSignal.timeout(config.request_timeout_ms));
      stored = await cursor.read();
      await removeRepeatedLetters(client, names, counted, stored);
      failedAt = null;
      return stored;
    },
    write(records, signal) {
      // One write at a time: merged documents count on the order of records.
      const result = turn.then(() => write(records, signal));
      turn = result.catch(() => {});
      return result;
    },
    async close() {
      await turn;
    },
  };
}
