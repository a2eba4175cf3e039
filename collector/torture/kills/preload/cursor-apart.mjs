/** A mutant: the log's cursor is committed by itself, after the rows. */
import { DuckDBConnection } from '@duckdb/node-api';

const run = DuckDBConnection.prototype.run;
const held = new WeakMap();
DuckDBConnection.prototype.run = async function (sql, ...rest) {
  if (/^UPDATE \w+\.meta SET value/.test(sql)) {
    held.set(this, [sql, ...rest]);
    return undefined;
  }
  const result = await run.call(this, sql, ...rest);
  const cursor = held.get(this);
  if (sql === 'COMMIT' && cursor !== undefined) {
    held.delete(this);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await run.call(this, ...cursor);
  }
  return result;
};
