import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { LogPosition, LogRecord } from '../../../log/log-record.js';
import type { SagaDefinition } from '../../../project/saga/definition.js';
import type { StepTrace } from '../../../self/step-trace.js';
import type { DeadLetters } from '../../dead-letters.js';
import { StoreError, type TelemetryWriter, type WriteReport } from '../../store.js';
import { rowsOf } from '../database.js';
import { PROMOTED } from '../schema.js';
import { type Slice, widen } from '../slice.js';
import type { Slices } from '../slices.js';
import { BlockCache } from './block-cache.js';
import { ChunkSource } from './chunk-source.js';
import { Dictionary, REMEMBERED } from './dictionary.js';
import { SliceRenewal, type SliceRenewalOptions } from './slice-renewal.js';
import { Backlog, StagedBatch } from './staged-batch.js';
import { type StagedRun, stageRun } from './stager.js';
import { Staging } from './staging.js';
import { WriteThreads } from './write-threads.js';

/** Chunks of 2048 rows that may wait for DuckDB: what is decoded while it compresses a row group of sixty. */
const WAITING_CHUNKS = 24;
/** Chunks of one commit from which on much is written. */
const BUSY_CHUNKS = 16;

export interface WriterOptions {
  definitions: () => SagaDefinition[];
  deadLetters: DeadLetters;
  /** Told of every commit, with the traces it touched, so that filters follow. */
  onCommit: (slice: Slice, traceIds: string[]) => void;
  steps: StepTrace;
  /** DuckDB's threads while little is written. */
  threads: number;
  /** What DuckDB may hold in memory, as it writes sizes. */
  memoryLimit: string;
  renewal: Omit<SliceRenewalOptions, 'slices'>;
}

interface Staged extends StagedRun {
  cursor: LogPosition;
}

/**
 * Writes records into slices. Each run of records of one slice is one transaction: rows, projections, dictionaries and
 * the cursor. Calls may overlap: while one is committed on DuckDB's threads, the next is staged on this one. Commits
 * happen in the order of the calls, so one cursor says what is stored; after a failure everything called behind it
 * fails too, until the caller asks for the cursor and begins anew from there.
 */
export class StoreWriter implements TelemetryWriter {
  readonly #connection: DuckDBConnection;
  readonly #readConnection: DuckDBConnection;
  readonly #slices: Slices;
  readonly #options: WriterOptions;
  readonly #staging = new Staging();
  readonly #backlog = new Backlog(WAITING_CHUNKS);
  readonly #source: ChunkSource;
  readonly #threads: WriteThreads;
  readonly #blocks: BlockCache;
  readonly #renewal: SliceRenewal;
  readonly #dictionaries = new Map<string, Dictionary>();
  #stagingTurn: Promise<unknown> = Promise.resolve();
  #commitTurn: Promise<unknown> = Promise.resolve();
  #stagedCursor: LogPosition;
  #generation = 0;
  /** Since a failure, until the cursor is asked for: what was handed over meanwhile would leave a hole before it. */
  #broken = false;

  private constructor(
    connections: { write: DuckDBConnection; read: DuckDBConnection },
    slices: Slices,
    options: WriterOptions,
  ) {
    this.#connection = connections.write;
    this.#readConnection = connections.read;
    this.#slices = slices;
    this.#options = options;
    this.#stagedCursor = slices.cursor();
    this.#threads = new WriteThreads(connections.read, options.threads);
    this.#blocks = new BlockCache(connections.write, options.memoryLimit);
    this.#renewal = new SliceRenewal({ slices, ...options.renewal });
    this.#source = new ChunkSource(connections.write, this.#staging.types());
  }

  static async open(instance: DuckDBInstance, slices: Slices, options: WriterOptions): Promise<StoreWriter> {
    const connections = { write: await instance.connect(), read: await instance.connect() };
    return new StoreWriter(connections, slices, options);
  }

  cursor(): Promise<LogPosition> {
    this.#broken = false;
    return Promise.resolve(this.#slices.cursor());
  }

  async write(records: LogRecord[], signal: AbortSignal): Promise<WriteReport> {
    const total: WriteReport = { spans: 0, logs: 0, metricPoints: 0, deadLetters: 0 };
    const commits: Promise<WriteReport>[] = [];
    // As of the call: a write that was called before another one failed must fail with it, however late it is staged.
    const generation = this.#generation;
    if (this.#broken) throw failedBefore();
    const turn = this.#stagingTurn.then(async () => {
      for (const run of this.#runsOf(records)) {
        for (let at = 0; at < run.records.length; ) {
          signal.throwIfAborted();
          const { staged, commit } = await this.#begin(run.name, run.records.slice(at), generation);
          commits.push(commit);
          const { taken, cursor } = await staged;
          this.#stagedCursor = cursor;
          at += taken;
        }
      }
    });
    this.#stagingTurn = turn.catch(() => {
      if (generation === this.#generation) this.#forget();
    });
    // Nothing of this call is under way once it is over, however it ends.
    const staged = await Promise.allSettled([turn]);
    const done = await Promise.allSettled(commits);
    for (const outcome of [...done, ...staged]) if (outcome.status === 'rejected') throw asStoreError(outcome.reason);
    for (const outcome of done) {
      if (outcome.status !== 'fulfilled') continue;
      for (const key of Object.keys(total) as (keyof WriteReport)[]) total[key] += outcome.value[key];
    }
    return total;
  }

  /**
   * Stores a record that was set aside. The commit remembers it, so that doing it again changes nothing; the cursor
   * stays where it is. `stored` is false when the record still can not be read.
   */
  async replay(record: LogRecord): Promise<{ stored: boolean }> {
    const generation = this.#generation;
    if (this.#broken) throw failedBefore();
    const turn = this.#stagingTurn.then(async () => {
      if (await this.#isReplayed(record)) return null;
      const name = this.#slices.nameFor(record.receivedNano);
      const { staged, commit } = await this.#begin(name, [record], generation, record.position);
      await staged;
      return { commit };
    });
    this.#stagingTurn = turn.catch(() => {
      if (generation === this.#generation) this.#forget();
    });
    try {
      const report = await (await turn)?.commit;
      return { stored: (report?.deadLetters ?? 0) === 0 };
    } catch (error) {
      throw asStoreError(error);
    }
  }

  /** A slice's length may have been changed since, so all slices are asked. */
  async #isReplayed({ position }: LogRecord): Promise<boolean> {
    await this.#commitTurn;
    for (const slice of this.#slices.all()) {
      await this.#slices.attach(slice);
      const found = await rowsOf(this.#readConnection, `SELECT 1 FROM ${slice.catalog}.meta WHERE key = $1`, [
        replayKey(position),
      ]);
      if (found.length > 0) return true;
    }
    return false;
  }

  /** Runs something while nothing is committed. */
  betweenCommits<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.#commitTurn.then(work);
    this.#commitTurn = turn.catch(() => undefined);
    return turn;
  }

  /** Lets go of blocks that others than commits filled memory with. */
  trimBlocks(): Promise<void> {
    return this.betweenCommits(() => this.#blocks.trim());
  }

  async close(): Promise<void> {
    await this.#stagingTurn;
    await this.#commitTurn;
    await this.#threads.close();
    this.#readConnection.closeSync();
    this.#connection.closeSync();
  }

  /** Consecutive records of one slice; those that are stored already are left out. */
  #runsOf(records: readonly LogRecord[]): { name: string; records: LogRecord[] }[] {
    const runs: { name: string; records: LogRecord[] }[] = [];
    const known = Math.max(this.#stagedCursor, this.#slices.cursor());
    for (const record of records) {
      if (record.position < known) continue;
      const name = this.#slices.nameFor(record.receivedNano);
      const last = runs.at(-1);
      if (last?.name === name) last.records.push(record);
      else runs.push({ name, records: [record] });
    }
    return runs;
  }

  /** Begins to stage records, and their commit. In a box, because a promise that an async function returns is awaited. */
  async #begin(
    name: string,
    records: LogRecord[],
    generation: number,
    replayed: LogPosition | null = null,
  ): Promise<{ staged: Promise<Staged>; commit: Promise<WriteReport> }> {
    const slice = await this.#slices.get(name);
    const release = this.#slices.hold(slice);
    try {
      const dictionary = await this.#dictionary(slice);
      if (generation !== this.#generation) throw failedBefore();
      const batch = new StagedBatch(this.#backlog);
      const staged = this.#fill(batch, records, dictionary);
      const commit = this.#commitTurn.then(() => this.#commit(slice, batch, staged, generation, replayed));
      this.#commitTurn = commit.catch(() => undefined).finally(release);
      return { staged, commit };
    } catch (error) {
      release();
      throw error;
    }
  }

  /** Stages records while their commit takes what is staged. */
  async #fill(batch: StagedBatch, records: LogRecord[], dictionary: Dictionary): Promise<Staged> {
    this.#staging.open(batch);
    try {
      const run = await stageRun(
        records,
        this.#staging,
        this.#backlog,
        dictionary,
        this.#options.definitions(),
        this.#options.deadLetters,
      );
      this.#staging.close();
      batch.end();
      const cursor = (records[run.taken - 1] as LogRecord).next;
      this.#options.steps('store.staged', cursor);
      return { ...run, cursor };
    } catch (error) {
      this.#staging.close();
      batch.fail(error);
      throw error;
    }
  }

  async #commit(
    slice: Slice,
    batch: StagedBatch,
    staging: Promise<Staged>,
    generation: number,
    replayed: LogPosition | null,
  ): Promise<WriteReport> {
    try {
      if (generation !== this.#generation) throw failedBefore();
      await this.#connection.run('BEGIN');
      let taken = 0;
      for (let chunks = await batch.next(); chunks.length > 0; chunks = await batch.next()) {
        taken += chunks.length;
        if (taken >= BUSY_CHUNKS) await this.#threads.busy();
        await this.#source.insert(batch, slice.catalog, chunks);
      }
      const staged = await staging;
      if (replayed === null) await this.#slices.moveCursor(this.#connection, slice, staged.cursor);
      else if (staged.report.deadLetters === 0)
        await this.#connection.run(`INSERT INTO ${slice.catalog}.meta VALUES ($1, '1')`, [replayKey(replayed)]);
      // It came late: filters and merged figures do not know of it, until the slice is sealed again.
      if (slice.sealed) await this.#connection.run(`DELETE FROM ${slice.catalog}.meta WHERE key = 'sealed'`);
      this.#options.steps('store.inserted', staged.cursor);
      await this.#connection.run('COMMIT');
      this.#options.steps('store.committed', staged.cursor);
      if (replayed === null) this.#slices.cursorMoved(slice, staged.cursor);
      this.#stored(slice, staged);
      const { spans, logs, metricPoints } = staged.report;
      await this.#blocks.stored(spans + logs + metricPoints);
      await this.#renewal.stored(slice);
      return staged.report;
    } catch (error) {
      batch.drop();
      await this.#connection.run('ROLLBACK').catch(() => undefined);
      if (generation === this.#generation) this.#forget();
      throw error;
    }
  }

  #stored(slice: Slice, staged: Staged): void {
    slice.commits += 1;
    slice.sealed = null;
    for (const [signal, { items, minNano, maxNano }] of staged.extents) {
      if (items > 0) widen(slice, signal, { items, minNano, maxNano });
    }
    this.#options.onCommit(slice, staged.traceIds);
  }

  /** What was staged is not stored: ids given out since the last commit mean nothing, and records will come again. */
  #forget(): void {
    this.#generation += 1;
    this.#broken = true;
    this.#dictionaries.clear();
    this.#stagedCursor = this.#slices.cursor();
  }

  async #dictionary(slice: Slice): Promise<Dictionary> {
    const known = this.#dictionaries.get(slice.name);
    if (known) return known;
    // What is being committed may add to the slice's dictionaries.
    await this.#commitTurn;
    const { catalog } = slice;
    const rows = (sql: string) => rowsOf(this.#readConnection, sql);
    /** The newest entries of a dictionary, as many as are remembered, and its last id. */
    const stored = async (table: keyof typeof REMEMBERED, key: string) => {
      const newest = await rows(
        `SELECT id, ${key} AS key FROM ${catalog}.${table} ORDER BY id DESC LIMIT ${REMEMBERED[table]}`,
      );
      return { entries: newest as { id: number; key: string }[], last: Number(newest[0]?.id ?? 0) };
    };
    const resources = await stored('resources', 'key');
    const scopes = await stored('scopes', 'name || chr(0) || version');
    const series = await stored('series', 'key');
    const [shapes] = await rows(`SELECT coalesce(max(id), 0)::INTEGER AS last FROM ${catalog}.shapes`);
    const dictionary = new Dictionary(
      {
        resources: resources.entries,
        scopes: scopes.entries,
        series: series.entries,
        last: { resources: resources.last, scopes: scopes.last, series: series.last, shapes: Number(shapes?.last) },
      },
      PROMOTED,
    );
    // Only the newest slices are written to; a late replay reads an older one's dictionary again.
    if (this.#dictionaries.size > 1) this.#dictionaries.delete([...this.#dictionaries.keys()].sort()[0] as string);
    this.#dictionaries.set(slice.name, dictionary);
    return dictionary;
  }
}

function failedBefore(): StoreError {
  return new StoreError('store_failed', 'a write before this one failed', { retryable: true });
}

/** Key in a slice's `meta` under which a replayed record is remembered. */
function replayKey(position: LogPosition): string {
  return `replayed:${position}`;
}

function asStoreError(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new StoreError('store_failed', message, { retryable: true, cause: error });
}
