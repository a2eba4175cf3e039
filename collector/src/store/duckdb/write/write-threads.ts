import type { DuckDBConnection } from '@duckdb/node-api';

/** After this long without a large commit questions have all threads again. */
const IDLE_MS = 2000;

/**
 * Takes DuckDB's other threads away while much is written. Whoever waits for a statement looks for tasks without rest
 * while another thread has the only one: a third of the store's time went there. Questions of a quiet store want the
 * threads.
 */
export class WriteThreads {
  readonly #connection: DuckDBConnection;
  readonly #most: number;
  #timer: NodeJS.Timeout | undefined;
  #busy = false;
  #setting: Promise<unknown> = Promise.resolve();

  /** @param most threads that questions may have */
  constructor(connection: DuckDBConnection, most: number) {
    this.#connection = connection;
    this.#most = most;
  }

  /** To be told whenever much is written at once. */
  async busy(): Promise<void> {
    if (this.#most === 1) return;
    if (this.#timer) this.#timer.refresh();
    else this.#timer = setTimeout(() => void this.#set(false), IDLE_MS).unref();
    await this.#set(true);
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#setting;
  }

  #set(busy: boolean): Promise<unknown> {
    if (busy !== this.#busy) {
      this.#busy = busy;
      const statement = `SET threads = ${busy ? 1 : this.#most}`;
      // Only speed depends on it.
      this.#setting = this.#setting.then(() => this.#connection.run(statement)).catch(() => undefined);
    }
    return this.#setting;
  }
}
