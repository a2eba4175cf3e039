import { setMaxListeners } from 'node:events';
import type { DuckDBConnection, DuckDBInstance, DuckDBMaterializedResult } from '@duckdb/node-api';
import { StoreError } from '../../store.js';
import type { Params } from './params.js';

export type Row = Record<string, unknown>;

export interface QueryLimits {
  /** Questions answered at the same time; more wait. */
  connections: number;
  timeoutMs: number;
  /** Questions that may wait; beyond, they are refused. */
  waiting: number;
}

const INTERRUPT_EVERY_MS = 20;

/** Runs questions on connections of their own, beside the writer's, each with a time limit. */
export class QueryRunner {
  readonly #free: DuckDBConnection[];
  readonly #waiting: ((connection: DuckDBConnection) => void)[] = [];
  readonly #limits: QueryLimits;

  private constructor(connections: DuckDBConnection[], limits: QueryLimits) {
    this.#free = connections;
    this.#limits = limits;
  }

  static async open(instance: DuckDBInstance, limits: QueryLimits): Promise<QueryRunner> {
    const connections = [];
    for (let count = 0; count < limits.connections; count++) connections.push(await instance.connect());
    return new QueryRunner(connections, limits);
  }

  /** @throws StoreError `question_too_large` when it takes too long, `store_unavailable` when too many wait. */
  async rows(sql: string, params: Params, signal: AbortSignal): Promise<Row[]> {
    const connection = await this.#take(signal);
    let late = false;
    let again: NodeJS.Timeout | undefined;
    const interrupt = () => {
      connection.interrupt();
      // Until it has ended: DuckDB forgets an interruption that comes before the statement has begun.
      again ??= setInterval(() => connection.interrupt(), INTERRUPT_EVERY_MS);
    };
    const timer = setTimeout(() => {
      late = true;
      interrupt();
    }, this.#limits.timeoutMs);
    signal.addEventListener('abort', interrupt);
    try {
      signal.throwIfAborted();
      // Without values it is one step for DuckDB's thread; with them it is parsed, bound and run in three.
      return rowsOf(await (params.values.length > 0 ? connection.run(sql, params.values) : connection.run(sql)));
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (late) {
        const seconds = this.#limits.timeoutMs / 1000;
        throw new StoreError('question_too_large', `no answer within ${seconds} s: ask about a shorter range`, {
          retryable: false,
          cause: error,
        });
      }
      throw new StoreError('store_failed', error instanceof Error ? error.message : String(error), {
        retryable: true,
        cause: error,
      });
    } finally {
      clearTimeout(timer);
      clearInterval(again);
      signal.removeEventListener('abort', interrupt);
      this.#give(connection);
    }
  }

  close(): void {
    for (const connection of this.#free) connection.closeSync();
  }

  async #take(signal: AbortSignal): Promise<DuckDBConnection> {
    signal.throwIfAborted();
    const connection = this.#free.pop();
    if (connection) return connection;
    if (this.#waiting.length >= this.#limits.waiting) {
      throw new StoreError('store_unavailable', 'Too many questions are being answered at once.', { retryable: true });
    }
    return await new Promise((resolve, reject) => {
      // Whoever stops waiting makes room for others.
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(enter), 1);
        reject(signal.reason as Error);
      };
      const enter = (free: DuckDBConnection) => {
        signal.removeEventListener('abort', leave);
        resolve(free);
      };
      // One question may wait for several statements at once.
      setMaxListeners(0, signal);
      signal.addEventListener('abort', leave, { once: true });
      this.#waiting.push(enter);
    });
  }

  #give(connection: DuckDBConnection): void {
    const next = this.#waiting.shift();
    if (next) next(connection);
    else this.#free.push(connection);
  }
}

/** Rows that are in memory already: to ask for each chunk on another thread takes longer than to read it here. */
function rowsOf(result: DuckDBMaterializedResult): Row[] {
  const names = result.deduplicatedColumnNames();
  const rows: Row[] = [];
  for (let index = 0; index < result.chunkCount; index++) {
    const chunk = result.getChunk(index);
    const columns = names.map((_, column) => chunk.getColumnValues(column));
    for (let at = 0; at < chunk.rowCount; at++) {
      const row: Row = {};
      for (let column = 0; column < names.length; column++) row[names[column] as string] = columns[column]?.[at];
      rows.push(row);
    }
  }
  return rows;
}
