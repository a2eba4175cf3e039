import type { DuckDBConnection } from '@duckdb/node-api';
import { rowsOf } from '../database.js';

/** Rows that are stored between two looks. */
const LOOK_AFTER_ROWS = 100_000;
/** Blocks that stay: those that questions asked for last are among them. */
const KEPT_BYTES = 64e6;

/**
 * Lets go of blocks that were written and that nobody has read since. DuckDB keeps every block it writes until its whole
 * memory is full, and drops those that were not used the longest only then: a store that is written to and hardly asked
 * would grow to its limit for nothing.
 */
export class BlockCache {
  readonly #connection: DuckDBConnection;
  readonly #memoryLimit: string;
  readonly #keptBytes: number;
  #rows = 0;

  /** @param memoryLimit of the whole database, as DuckDB writes sizes */
  constructor(connection: DuckDBConnection, memoryLimit: string, keptBytes = KEPT_BYTES) {
    this.#connection = connection;
    this.#memoryLimit = memoryLimit;
    this.#keptBytes = keptBytes;
  }

  /** To be told after every commit, before the next. */
  async stored(rows: number): Promise<void> {
    this.#rows += rows;
    if (this.#rows >= LOOK_AFTER_ROWS) await this.trim();
  }

  /** Lets go of what there is too much of, now; between two commits. */
  async trim(): Promise<void> {
    this.#rows = 0;
    try {
      const [held] = await rowsOf(
        this.#connection,
        `SELECT coalesce(sum(memory_usage_bytes), 0)::DOUBLE AS total,
          coalesce(sum(memory_usage_bytes) FILTER (tag = 'BASE_TABLE'), 0)::DOUBLE AS blocks FROM duckdb_memory()`,
      );
      const [total, blocks] = [held?.total as number, held?.blocks as number];
      if (blocks <= this.#keptBytes) return;
      // A lower limit takes effect at once. Whoever needs memory meanwhile gets it of the blocks that stay.
      const lower = Math.ceil((total - blocks + this.#keptBytes) / 1e6);
      await this.#connection.run(`SET memory_limit = '${lower}MB'`);
      await this.#connection.run(`SET memory_limit = '${this.#memoryLimit}'`);
    } catch {
      // Only memory depends on it; whatever it was, the limit must not stay low.
      await this.#connection.run(`SET memory_limit = '${this.#memoryLimit}'`).catch(() => undefined);
    }
  }
}
