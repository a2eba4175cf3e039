import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { LogPosition } from '../../log/log-record.js';
import { syncDirectory } from '../../log/segment-store.js';
import type { StepTrace } from '../../self/step-trace.js';
import { AttachedSlices } from './attached-slices.js';
import { rowsOf } from './database.js';
import type { RunningQuestions } from './running-questions.js';
import { SCHEMA_VERSION, sliceStatements } from './schema.js';
import type { Slice } from './slice.js';
import { type FactExtent, factsOverlap, type SliceFacts } from './slice-facts.js';
import { checkFormat, refuseNewer } from './slice-file.js';
import { SliceIndex } from './slice-index.js';
import { parseSliceFile, sliceCatalog, sliceFile, sliceName, sliceStart, UNFINISHED } from './slice-name.js';

export interface SliceOptions {
  directory: string;
  sliceMs: number;
  questions: RunningQuestions;
  /** Identity of the log: a cursor of another one means nothing. */
  log: string;
  steps: StepTrace;
  /** Told of what had to be mended. */
  warn: (sentence: string) => void;
  /** Files that stay attached when no question needs more. */
  maxAttached: number;
}

/**
 * More than there are slices with the retention that is set at first (a week of hours): then each is attached once. An
 * attached slice takes a descriptor and, once it was read, up to a megabyte.
 */
export const MAX_ATTACHED = 200;

/**
 * Rows of a row group while a slice is written to: half of DuckDB's own. A commit of as many goes to the file compressed;
 * a smaller one is written to DuckDB's own log, held in memory as it is, and compressed later. Smaller ones still would
 * cost more memory than they save: what is known of each takes 80 KB. Sealing makes them whole.
 */
const OPEN_ROW_GROUP = 61_440;

/** The slices of a store: made when the first record of their time arrives, attached when somebody needs them. */
export class Slices {
  readonly #connection: DuckDBConnection;
  readonly #options: SliceOptions;
  readonly #index: SliceIndex;
  readonly #slices = new Map<string, Slice>();
  readonly #attached: AttachedSlices;
  /** How many use a slice beside questions. */
  readonly #holds = new Map<Slice, number>();
  readonly #retiring = new Set<Promise<void>>();

  private constructor(connection: DuckDBConnection, options: SliceOptions, index: SliceIndex) {
    this.#connection = connection;
    this.#options = options;
    this.#index = index;
    this.#attached = new AttachedSlices({
      connection,
      questions: options.questions,
      layout: `STORAGE_VERSION 'latest', ROW_GROUP_SIZE ${OPEN_ROW_GROUP}`,
      most: options.maxAttached,
      mayLeave: (catalog) => this.#isAtRest(catalog),
      warn: options.warn,
    });
  }

  /** @throws StoreError `format_newer` when a slice was written by a newer version; no file has changed then. */
  static async open(connection: DuckDBConnection, options: SliceOptions): Promise<Slices> {
    const { directory } = options;
    await mkdir(directory, { recursive: true });
    const slices = new Slices(connection, options, await SliceIndex.open(directory));
    const files = new Set(await readdir(directory));
    const newest = new Map<string, number>();
    for (const file of files) {
      const parsed = parseSliceFile(file);
      if (parsed) newest.set(parsed.name, Math.max(newest.get(parsed.name) ?? 0, parsed.generation));
    }
    const found = [...newest].map(([name, generation]) => slices.#describe(name, generation));
    // Only a slice with changes in DuckDB's own log is written to by being attached.
    const changed = found.filter((slice) => files.has(`${sliceFile(slice.name, slice.generation)}.wal`));
    for (const slice of changed) await refuseNewer(connection, slice.path, options.warn);
    for (const slice of found) if (!changed.includes(slice)) await slices.#open(slice);
    const last = Math.max(...found.map(({ startMs }) => startMs));
    for (const slice of changed) {
      await slices.#open(slice);
      if (slice.startMs < last) await slices.#settle(slice);
    }
    // What was being rewritten when the process died, and what was rewritten but not yet removed.
    for (const file of files) {
      const parsed = parseSliceFile(file.replace(/\.wal$/, ''));
      const isOlder = parsed !== null && parsed.generation < (newest.get(parsed.name) ?? 0);
      if (isOlder || file.includes(UNFINISHED)) await rm(path.join(directory, file), { force: true });
    }
    await slices.#remember();
    return slices;
  }

  /** Oldest first. */
  all(): Slice[] {
    return [...this.#slices.values()].sort((a, b) => a.startMs - b.startMs);
  }

  known(name: string): Slice | undefined {
    return this.#slices.get(name);
  }

  /** Slices that hold items of `signal` with event times in `[fromNano, toNano)`, oldest first. */
  overlapping(signal: number, fromNano: bigint, toNano: bigint): Slice[] {
    return this.all().filter((slice) => {
      const extent = slice.extents.get(signal);
      return extent !== undefined && extent.maxNano >= fromNano && extent.minNano < toNano;
    });
  }

  /** Slices that may hold facts of a kind with times in `[fromNano, toNano)`, oldest first. */
  overlappingFacts(
    kind: { [Key in keyof SliceFacts]-?: SliceFacts[Key] extends FactExtent ? Key : never }[keyof SliceFacts],
    fromNano: bigint,
    toNano: bigint,
  ): Slice[] {
    return this.all().filter(({ sealed }) => sealed === null || factsOverlap(sealed[kind], fromNano, toNano));
  }

  /** Name of the slice a record belongs to: its time of receipt decides, nothing else. */
  nameFor(receivedNano: bigint): string {
    const receivedMs = Number(receivedNano / 1_000_000n);
    return sliceName(Math.floor(receivedMs / this.#options.sliceMs) * this.#options.sliceMs);
  }

  /** The slice of a name, made when there is none, attached. */
  async get(name: string): Promise<Slice> {
    const slice = this.#slices.get(name);
    if (!slice) return await this.#open(this.#describe(name, 0));
    await this.attach(slice);
    return slice;
  }

  /** Resolves once the slice can be read; it can for as long as the question that asks for it runs. */
  async attach(slice: Pick<Slice, 'catalog' | 'path'>): Promise<void> {
    await this.#attached.attach(slice);
  }

  /**
   * Attaches a slice's file anew, so that DuckDB knows of it only what is read from then on; between two commits, while no
   * question is running. See write/slice-renewal.ts.
   */
  async renew(slice: Slice): Promise<void> {
    await this.#connection.run(`CHECKPOINT ${slice.catalog}`);
    await this.#attached.detach(slice.catalog);
    this.#options.steps('store.detached', slice.cursor);
    await this.attach(slice);
    this.#options.steps('store.renewed', slice.cursor);
  }

  /** Keeps an attached slice so for who uses it beside questions, until the returned function is called. */
  hold(slice: Slice): () => void {
    this.#holds.set(slice, (this.#holds.get(slice) ?? 0) + 1);
    return () => {
      const left = (this.#holds.get(slice) ?? 0) - 1;
      if (left > 0) this.#holds.set(slice, left);
      else this.#holds.delete(slice);
    };
  }

  /** The newest slices that can stay attached, newest first. */
  newest(): Slice[] {
    return this.all().slice(-this.#options.maxAttached).reverse();
  }

  /** Everything before this is stored. */
  cursor(): LogPosition {
    return this.all().reduce((highest, slice) => Math.max(highest, slice.cursor), 0) as LogPosition;
  }

  /** Writes down, in the caller's transaction, how far the log is stored. */
  async moveCursor(connection: DuckDBConnection, slice: Slice, cursor: LogPosition): Promise<void> {
    await connection.run(`UPDATE ${slice.catalog}.meta SET value = $1 WHERE key = 'cursor'`, [String(cursor)]);
    if (slice.log === this.#options.log) return;
    await connection.run(`INSERT OR REPLACE INTO ${slice.catalog}.meta VALUES ('log', $1)`, [this.#options.log]);
  }

  /** To be called once the transaction of {@link moveCursor} is committed. */
  cursorMoved(slice: Slice, cursor: LogPosition): void {
    slice.cursor = cursor;
    slice.log = this.#options.log;
  }

  /** File that the next generation of a slice is written to until it is whole. */
  unfinishedFile(slice: Slice): string {
    return path.join(this.#options.directory, sliceFile(slice.name, slice.generation + 1) + UNFINISHED);
  }

  /**
   * Puts the file at {@link unfinishedFile}, which is whole and on the disk, in the place of the slice. Questions that
   * are running read on in the old file, which goes when they are over. Nobody may write to the slice meanwhile.
   */
  async replace(slice: Slice): Promise<void> {
    const next = this.#describe(slice.name, slice.generation + 1);
    await rename(this.unfinishedFile(slice), next.path);
    this.#options.steps('seal.renamed', slice.cursor);
    await syncDirectory(this.#options.directory);
    await this.attach(next);
    await this.#read(next);
    const old = { ...slice };
    Object.assign(slice, next);
    this.#options.steps('seal.replaced', slice.cursor);
    this.#retire(old);
    await this.#remember();
  }

  /** Removes a slice with its file: no new question sees it, those that are running still do. */
  async drop(slice: Slice): Promise<void> {
    this.#slices.delete(slice.name);
    this.#retire(slice);
    await this.#remember();
  }

  /** Resolves when the files of all that was dropped or replaced are gone. */
  async removed(): Promise<void> {
    await Promise.all(this.#retiring);
  }

  async bytesOf(slice: Slice): Promise<number> {
    const sizes = await Promise.all([slice.path, `${slice.path}.wal`].map((file) => stat(file).catch(() => null)));
    return sizes.reduce((sum, file) => sum + (file?.size ?? 0), 0);
  }

  /** No question may be running any more. */
  async close(): Promise<void> {
    await this.removed();
    await this.#attached.close();
    await this.#remember();
    this.#slices.clear();
  }

  #describe(name: string, generation: number): Slice {
    return {
      name,
      startMs: sliceStart(name),
      generation,
      catalog: sliceCatalog(name, generation),
      path: path.join(this.#options.directory, sliceFile(name, generation)),
      cursor: 0 as LogPosition,
      log: this.#options.log,
      extents: new Map(),
      sealed: null,
      commits: 0,
    };
  }

  /** Takes a slice in; one that the index knows is not looked into. */
  async #open(slice: Slice): Promise<Slice> {
    if (!(await this.#index.describe(slice))) {
      await this.attach(slice);
      try {
        const tables = await rowsOf(
          this.#connection,
          "SELECT 1 FROM duckdb_tables() WHERE database_name = $1 AND table_name = 'meta'",
          [slice.catalog],
        );
        if (tables.length === 0) await this.#layOut(slice.catalog);
        else await this.#read(slice);
      } catch (error) {
        await this.#connection.run('ROLLBACK').catch(() => undefined);
        await this.#attached.detach(slice.catalog).catch(() => undefined);
        throw error;
      }
    }
    this.#slices.set(slice.name, slice);
    this.#options.steps('store.attached', slice.cursor);
    return slice;
  }

  /**
   * Brings the changes of a slice that is hardly written to any more into its file. DuckDB keeps changes that are only in
   * its log in memory: a store that ends before it comes to sealing, again and again, would have no room left to start.
   */
  async #settle(slice: Slice): Promise<void> {
    try {
      await this.#connection.run(`CHECKPOINT ${slice.catalog}`);
      await this.#attached.detach(slice.catalog);
    } catch (error) {
      this.#options.warn(`The changes of the slice ${slice.name} stay in memory: ${(error as Error).message}`);
    }
  }

  async #layOut(catalog: string): Promise<void> {
    await this.#connection.run('BEGIN');
    for (const statement of sliceStatements(catalog)) await this.#connection.run(statement);
    await this.#connection.run(
      `INSERT INTO ${catalog}.meta VALUES ('schema_version', '${SCHEMA_VERSION}'), ('cursor', '0'), ('log', $1)`,
      [this.#options.log],
    );
    await this.#connection.run('COMMIT');
  }

  async #read(slice: Slice): Promise<void> {
    const rows = await rowsOf(this.#connection, `SELECT key, value FROM ${slice.catalog}.meta`);
    const meta = new Map(rows.map((row) => [row.key as string, row.value as string]));
    checkFormat(slice.path, Number(meta.get('schema_version')));
    // The first slices did not say which log they were of; there was one.
    slice.log = meta.get('log') ?? this.#options.log;
    if (slice.log === this.#options.log) slice.cursor = Number(meta.get('cursor')) as LogPosition;
    const sealed = meta.get('sealed');
    slice.sealed = sealed === undefined ? null : (JSON.parse(sealed) as SliceFacts);
    const extents = await rowsOf(
      this.#connection,
      `SELECT signal, sum(items)::BIGINT AS items, min(min_nano) AS low, max(max_nano) AS high
       FROM ${slice.catalog}.extents GROUP BY signal`,
    );
    slice.extents = new Map(
      extents.map((row) => [
        Number(row.signal),
        { items: Number(row.items), minNano: row.low as bigint, maxNano: row.high as bigint },
      ]),
    );
  }

  /** Whether only questions use the file: it is sealed, and nobody writes to it or rewrites it. */
  #isAtRest(catalog: string): boolean {
    for (const slice of this.#slices.values()) {
      if (slice.catalog === catalog) return slice.sealed !== null && !this.#holds.has(slice);
    }
    return false;
  }

  #retire({ catalog, path: file }: Pick<Slice, 'catalog' | 'path'>): void {
    const gone = (async () => {
      await this.#options.questions.over();
      await this.#attached.detach(catalog);
      await rm(file, { force: true });
      await rm(`${file}.wal`, { force: true });
      this.#options.steps('seal.removed', 0);
      // A file that could not be removed is found again at the next start.
    })().catch(() => undefined);
    this.#retiring.add(gone);
    void gone.finally(() => this.#retiring.delete(gone));
  }

  async #remember(): Promise<void> {
    await this.#index.write(this.all().filter((slice) => slice.sealed !== null));
  }
}
