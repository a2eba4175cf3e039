import type { DuckDBConnection } from '@duckdb/node-api';
import { StoreError } from '../store.js';
import { rowsOf } from './database.js';
import { SCHEMA_VERSION } from './schema.js';

/** Attaches a slice's file. @throws StoreError `format_newer` when a newer DuckDB wrote it. */
export async function attachFile(
  connection: DuckDBConnection,
  file: string,
  catalog: string,
  options: string,
): Promise<void> {
  try {
    // The path holds no user's text but the data directory's; a quote in that is doubled.
    await connection.run(`ATTACH '${file.replaceAll("'", "''")}' AS ${catalog} (${options})`);
  } catch (error) {
    const storage = /with version number (\d+), but we can only read/.exec((error as Error).message);
    if (storage) throw newer(file, `DuckDB's storage format ${storage[1]}, which this one can not read`, error);
    throw error;
  }
}

/** Looks into a slice without changing its file. @throws StoreError `format_newer`. */
export async function refuseNewer(connection: DuckDBConnection, file: string): Promise<void> {
  await attachFile(connection, file, 'looked_at', 'READ_ONLY');
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
