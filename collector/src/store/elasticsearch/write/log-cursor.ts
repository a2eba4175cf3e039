import type { Client } from '@elastic/elasticsearch';
import type { LogPosition } from '../../../log/log-record.js';
import { asStoreError } from '../errors.js';
import type { IndexNames } from '../indices.js';
import { whenShardsAre } from '../when-shards-are.js';

/** How far a log is stored: one document per log, written after everything before it. */
export class LogCursor {
  readonly #client: Client;
  readonly #index: string;
  readonly #id: string;

  constructor(client: Client, names: IndexNames, log: string) {
    this.#client = client;
    this.#index = names.alias('control');
    this.#id = `cursor-${log}`;
  }

  read(): Promise<LogPosition> {
    return whenShardsAre(() => this.#readOnce());
  }

  async #readOnce(): Promise<LogPosition> {
    try {
      const answer = await this.#client.get<{ position: number }>({ index: this.#index, id: this.#id });
      return (answer._source?.position ?? 0) as LogPosition;
    } catch (error) {
      if ((error as { statusCode?: number }).statusCode === 404) return 0 as LogPosition;
      throw asStoreError(error, "reading the log's cursor");
    }
  }

  async write(position: LogPosition, nowMs: number, signal: AbortSignal): Promise<void> {
    try {
      await this.#client.index(
        {
          index: this.#index,
          id: this.#id,
          document: { log: this.#id.slice('cursor-'.length), position, updated: nowMs },
        },
        { signal },
      );
    } catch (error) {
      throw asStoreError(error, "writing the log's cursor");
    }
  }
}
