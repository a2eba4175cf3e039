/**
 * Preloaded into the store: as synced-log.mjs for the slices' logs of changes. DuckDB syncs them before COMMIT returns, in
 * native code, so their sizes are noted then.
 */
import { appendFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { DuckDBConnection } from '@duckdb/node-api';

const run = DuckDBConnection.prototype.run;
DuckDBConnection.prototype.run = async function (sql, ...rest) {
  const result = await run.call(this, sql, ...rest);
  if (sql === 'COMMIT') {
    const slices = path.join(process.env.TORTURE_DATA, 'slices');
    for (const name of readdirSync(slices).filter((file) => file.endsWith('.wal'))) {
      const file = path.join(slices, name);
      const size = statSync(file, { throwIfNoEntry: false })?.size;
      if (size !== undefined) appendFileSync(process.env.TORTURE_SYNCED, `${size} ${file}\n`);
    }
  }
  return result;
};
