import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';

export interface DatabaseOptions {
  /** What DuckDB may hold in memory, as it writes sizes: `1GB`. */
  memoryLimit: string;
  threads: number;
  /** Where what does not fit in memory is put aside. */
  spillDirectory: string;
}

/**
 * One DuckDB in memory that slices are attached to. Nothing is downloaded: extensions that are not built in stay away.
 * A file must be attached by one process at a time, and by one instance within it.
 */
export async function openDatabase(options: DatabaseOptions): Promise<DuckDBInstance> {
  return await DuckDBInstance.create(':memory:', {
    memory_limit: options.memoryLimit,
    threads: String(options.threads),
    temp_directory: options.spillDirectory,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    // Whole row groups go to the file one by one, instead of waiting in memory for four more.
    write_buffer_row_group_count: '1',
    // What is in DuckDB's own log only is in memory as well, uncompressed; to bring it into the file takes some fifty
    // times the log's size for a moment. Often and little is flat, and costs no more.
    checkpoint_threshold: '4MB',
    // What is small beside what is full stays so until the slice is sealed. To join them, at every checkpoint, full row
    // groups would be unpacked and packed anew: a third of the memory and a sixth of the CPU of a busy store.
    max_vacuum_tasks: '0',
  });
}

export async function rowsOf(
  connection: DuckDBConnection,
  sql: string,
  values: Parameters<DuckDBConnection['run']>[1] = [],
): Promise<Record<string, unknown>[]> {
  const reader = await connection.runAndReadAll(sql, values);
  return reader.getRowObjects();
}
