/** A mutant: the log's cursor is written by itself, once the rows are committed. */
import { DuckDBConnection } from '@duckdb/node-api';

const run = DuckDBConnection.prototype.run;
DuckDBConnection.prototype.run = async function (sql, ...rest) {
  if (/^UPDATE \w+\.meta SET value/.test(sql)) {
    this.cursorToWrite = [sql, ...rest];
    return undefined;
  }
  const result = await run.call(this, sql, ...rest);
  const cursor = this.cursorToWrite;
  if (sql === 'COMMIT' && cursor !== undefined) {
    this.cursorToWrite = undefined;
    setImmediate(() => void run.call(this, ...cursor));
  }
  return result;
};
