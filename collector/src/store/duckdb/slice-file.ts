import { existsSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { StoreError } from '../store.js';
import { rowsOf } from './database.js';
import { repairSlice } from './repair-slice.js';
import { SCHEMA_VERSION } from './schema.js';

/** Damage is cut off the end of a slice entry by entry; each time what is left is shorter. */
const MAX_REPAIRS = 100;
/** A statement whose question was given up may read on in a file that was detached; until it ends, the file is in use. */
const DETACHED_MS = 30_000;
const LOOK_AGAIN_MS = 5;

/**
 * Attaches a slice's file, after mending what a crash or a power cut left.
 * @throws StoreError `format_newer` when a newer DuckDB wrote it, `store_locked` when another process has it.
 */
export async function attachFile(
  connection: DuckDBConnection,
  file: string,
  catalog: string,
  options: string,
  warn: (sentence: string) => void,
): Promise<void> {
  const began = performance.now();
  for (let repairs = 0; ; ) {
    try {
      // The path holds no user's text but the data directory's; a quote in that is doubled.
      await connection.run(`ATTACH '${file.replaceAll("'", "''")}' AS ${catalog} (${options})`);
      return;
    } catch (error) {
      const { message } = error as Error;
      const storage = /with version number (\d+), but we can only read/.exec(message);
      if (storage) throw newer(file, `DuckDB's storage format ${storage[1]}, which this one can not read`, error);
      if (/Could not set lock on file/.test(message)) throw locked(file, error);
      if (/Unique file handle conflict/.test(message) && performance.now() - began < DETACHED_MS) {
        await wait(LOOK_AGAIN_MS);
        continue;
      }
      const repaired = repairs < MAX_REPAIRS ? await repairSlice(file, error as Error) : null;
      if (repaired === null) throw error;
      repairs += 1;
      warn(repaired);
    }
  }
}

function locked(file: string, cause: unknown): StoreError {
  return new StoreError('store_locked', `${file} is in use by another process: stop that one first.`, {
    retryable: true,
    cause,
  });
}

/** Looks into a slice without changing its file. @throws StoreError `format_newer`. */
export async function refuseNewer(
  connection: DuckDBConnection,
  file: string,
  warn: (sentence: string) => void,
): Promise<void> {
  try {
    await attachFile(connection, file, 'looked_at', 'READ_ONLY', warn);
  } catch (error) {
    // It was mended away: see repairSlice.
    if (!existsSync(file)) return;
    throw error;
  }
  try {
    const tables = await rowsOf(
      connection,
      "SELECT 1 FROM duckdb_tables() WHERE database_name = 'looked_at' AND table_name = 'meta'",
    );
    if (tables.length === 0) return;
    const rows = await rowsOf(connection, "SELECT value FROM looked_at.meta WHERE key = 'schema_version'");
    checkFormat(file, Number(rows[0]?.value));
  } finally {
    await connection.run('DETACH looked_at');
  }
}

/** @throws StoreError `format_newer`. */
export function checkFormat(file: string, version: number): void {
  if (version > SCHEMA_VERSION) throw newer(file, `format ${version}, this one reads up to ${SCHEMA_VERSION}`);
}

function newer(file: string, which: string, cause?: unknown): StoreError {
  return new StoreError(
    'format_newer',
    `${file} was written by a newer version of Orrery (${which}): start that version, or choose another folder with --data-dir.`,
    { retryable: false, cause },
  );
}
