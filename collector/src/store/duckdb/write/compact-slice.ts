import type { DuckDBConnection } from '@duckdb/node-api';
import { rowsOf } from '../database.js';
import { ROWS } from '../schema.js';
import type { Slice } from '../slice.js';

const LISTS = ['buckets', 'bucket_counts'];
const SUMS = ['count', 'errors', 'crash', 'omission', 'timing', 'response', 'arbitrary'];
const NEWEST = ['last_nano', 'sample_trace', 'sample_span'];
/** A sample's two ids belong together: both are taken from the same delta. */
const ONE_OF = { sample_trace: 'sample_span', sample_span: 'sample_span', last_nano: 'last_nano' } as const;

/**
 * Merges the deltas of a slice that nothing is received for any more: one row a key and minute instead of one a
 * commit, so that questions about long ranges stay quick. What comes late is added beside it, as ever. The caller
 * sees to it that nobody writes to the slice meanwhile.
 * @returns false when that was done before
 */
export async function compactSlice(connection: DuckDBConnection, { catalog }: Slice): Promise<boolean> {
  const done = await rowsOf(connection, `SELECT 1 FROM ${catalog}.meta WHERE key = 'compacted'`);
  if (done.length > 0) return false;
  for (const table of ['red', 'edges'] as const) {
    await connection.run(`CREATE OR REPLACE TABLE memory.main.merged_${table} AS ${mergedSql(catalog, table)}`);
  }
  await connection.run('BEGIN');
  try {
    for (const table of ['red', 'edges'] as const) {
      await connection.run(`DELETE FROM ${catalog}.${table}`);
      await connection.run(`INSERT INTO ${catalog}.${table} SELECT * FROM memory.main.merged_${table}`);
    }
    await connection.run(`INSERT INTO ${catalog}.meta VALUES ('compacted', '1')`);
    await connection.run('COMMIT');
  } catch (error) {
    await connection.run('ROLLBACK').catch(() => undefined);
    throw error;
  }
  for (const table of ['red', 'edges']) await connection.run(`DROP TABLE memory.main.merged_${table}`);
  return true;
}

/** The table's own columns in their order, from deltas summed by everything that is no figure. */
function mergedSql(catalog: string, table: 'red' | 'edges'): string {
  const columns = Object.keys(ROWS[table]);
  const keys = columns.filter((column) => ![...LISTS, ...SUMS, ...NEWEST].includes(column)).map((key) => `"${key}"`);
  const figures = columns.filter((column) => SUMS.includes(column)).map((column) => `sum("${column}") AS "${column}"`);
  const newest = columns
    .filter((column) => NEWEST.includes(column))
    .map((column) => `arg_max("${column}", "${ONE_OF[column as keyof typeof ONE_OF]}") AS "${column}"`);
  const by = keys.join(', ');
  const order = columns.map((column) => (LISTS.includes(column) ? `l.${column}` : `c."${column}"`)).join(', ');
  return `WITH c AS (SELECT ${[by, ...figures, ...newest].join(', ')} FROM ${catalog}.${table} GROUP BY ${by}),
    u AS (SELECT ${by}, unnest(buckets) AS bucket, unnest(bucket_counts) AS hits FROM ${catalog}.${table}),
    b AS (SELECT ${by}, bucket, sum(hits)::UINTEGER AS hits FROM u GROUP BY ${by}, bucket),
    l AS (SELECT ${by}, list(bucket ORDER BY bucket) AS buckets, list(hits ORDER BY bucket) AS bucket_counts
      FROM b GROUP BY ${by})
    SELECT ${order} FROM c JOIN l USING (${by})`;
}
