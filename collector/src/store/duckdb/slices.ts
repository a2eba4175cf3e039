import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { LogPosition } from '../../log/log-record.js';
import type { StepTrace } from '../../self/step-trace.js';
import { rowsOf } from './database.js';
import { SCHEMA_VERSION, sliceStatements } from './schema.js';
import { type Slice, widen } from './slice.js';
import { attachFile, checkFormat, refuseNewer } from './slice-file.js';
import { sliceCatalog, sliceName, sliceStart } from './slice-name.js';

const EXTENSION = '.duckdb';

export interface SliceOptions {
  directory: string;
  sliceMs: number;
  steps: StepTrace;
  /** Told of what had to be mended. */
  warn: (sentence: string) => void;
}

/** The slices of a store: attached all the time, made when the first record of their time arrives. */
export class Slices {
  readonly #connection: DuckDBConnection;
  readonly #options: SliceOptions;
  readonly #slices = new Map<string, Slice>();

  private constructor(connection: DuckDBConnection, options: SliceOptions) {
    this.#connection = connection;
    this.#options = options;
  }

  /** @throws StoreError `format_newer` when a slice was written by a newer version; no file has changed then. */
  static async open(connection: DuckDBConnection, options: SliceOptions): Promise<Slices> {
    await mkdir(options.directory, { recursive: true });
    const slices = new Slices(connection, options);
    const files = new Set(await readdir(options.directory));
    const starts = [...files]
      .filter((file) => file.endsWith(EXTENSION))
      .map((file) => sliceStart(file.slice(0, -EXTENSION.length)))
      .filter((startMs) => !Number.isNaN(startMs));
    // Only a slice with changes in DuckDB's own log is written to by being attached.
    const changed = starts.filter((startMs) => files.has(`${sliceName(startMs)}${EXTENSION}.wal`));
    for (const startMs of changed) await refuseNewer(connection, slices.#fileOf(startMs), options.warn);
    for (const startMs of starts) if (!changed.includes(startMs)) await slices.#attach(startMs);
    for (const startMs of changed) await slices.#attach(startMs);
    return slices;
  }

  /** Oldest first. */
  all(): Slice[] {
    return [...this.#slices.values()].sort((a, b) => a.startMs - b.startMs);
  }

  /** Slices that hold items of `signal` with event times in `[fromNano, toNano)`, oldest first. */
  overlapping(signal: number, fromNano: bigint, toNano: bigint): Slice[] {
    return this.all().filter((slice) => {
      const extent = slice.extents.get(signal);
      return extent !== undefined && extent.maxNano >= fromNano && extent.minNano < toNano;
    });
  }

  /** Name of the slice a record belongs to: its time of receipt decides, nothing else. */
  nameFor(receivedNano: bigint): string {
    const receivedMs = Number(receivedNano / 1_000_000n);
    return sliceName(Math.floor(receivedMs / this.#options.sliceMs) * this.#options.sliceMs);
  }

  async get(name: string): Promise<Slice> {
    return this.#slices.get(name) ?? (await this.#attach(sliceStart(name)));
  }

  /** Everything before this is stored. */
  cursor(): LogPosition {
    return this.all().reduce((highest, slice) => Math.max(highest, slice.cursor), 0) as LogPosition;
  }

  /** Removes a slice with its file. */
  async drop(slice: Slice): Promise<void> {
    this.#slices.delete(slice.name);
    await this.#connection.run(`DETACH ${slice.catalog}`);
    await rm(slice.path, { force: true });
    await rm(`${slice.path}.wal`, { force: true });
  }

  async bytesOf(slice: Slice): Promise<number> {
    const sizes = await Promise.all([slice.path, `${slice.path}.wal`].map((file) => stat(file).catch(() => null)));
    return sizes.reduce((sum, file) => sum + (file?.size ?? 0), 0);
  }

  async close(): Promise<void> {
    for (const slice of this.#slices.values()) await this.#connection.run(`DETACH ${slice.catalog}`);
    this.#slices.clear();
  }

  #fileOf(startMs: number): string {
    return path.join(this.#options.directory, sliceName(startMs) + EXTENSION);
  }

  async #attach(startMs: number): Promise<Slice> {
    const name = sliceName(startMs);
    const catalog = sliceCatalog(name);
    const file = this.#fileOf(startMs);
    await attachFile(this.#connection, file, catalog, "STORAGE_VERSION 'latest'", this.#options.warn);
    const slice: Slice = {
      name,
      catalog,
      path: file,
      startMs,
      cursor: 0 as LogPosition,
      extents: new Map(),
      readers: 0,
    };
    try {
      const tables = await rowsOf(
        this.#connection,
        "SELECT 1 FROM duckdb_tables() WHERE database_name = $1 AND table_name = 'meta'",
        [catalog],
      );
      if (tables.length === 0) await this.#layOut(catalog);
      else await this.#read(slice);
    } catch (error) {
      await this.#connection.run('ROLLBACK').catch(() => undefined);
      await this.#connection.run(`DETACH ${catalog}`).catch(() => undefined);
      throw error;
    }
    this.#slices.set(name, slice);
    this.#options.steps('store.attached', slice.cursor);
    return slice;
  }

  async #layOut(catalog: string): Promise<void> {
    await this.#connection.run('BEGIN');
    for (const statement of sliceStatements(catalog)) await this.#connection.run(statement);
    await this.#connection.run(
      `INSERT INTO ${catalog}.meta VALUES ('schema_version', '${SCHEMA_VERSION}'), ('cursor', '0')`,
    );
    await this.#connection.run('COMMIT');
  }

  async #read(slice: Slice): Promise<void> {
    const rows = await rowsOf(this.#connection, `SELECT key, value FROM ${slice.catalog}.meta`);
    const meta = new Map(rows.map((row) => [row.key as string, row.value as string]));
    checkFormat(slice.path, Number(meta.get('schema_version')));
    slice.cursor = Number(meta.get('cursor')) as LogPosition;
    const extents = await rowsOf(
      this.#connection,
      `SELECT signal, sum(items)::BIGINT AS items, min(min_nano) AS low, max(max_nano) AS high
       FROM ${slice.catalog}.extents GROUP BY signal`,
    );
    for (const row of extents) {
      widen(slice, Number(row.signal), {
        items: Number(row.items),
        minNano: row.low as bigint,
        maxNano: row.high as bigint,
      });
    }
  }
}
