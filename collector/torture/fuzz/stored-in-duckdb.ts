import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { LogRecord } from '../../src/log/log-record.js';
import { DeadLetters } from '../../src/store/dead-letters.js';
import { type DuckdbStore, openDuckdbStore } from '../../src/store/duckdb/open-duckdb-store.js';

/** What a store made of records. */
export interface Stored {
  items: number;
  deadLetters: number;
}

/** Writes records into a real store of its own, which is made anew now and then so that it stays small. */
export class StoredInDuckdb {
  private open: { store: DuckdbStore; folder: string; records: number } | null = null;

  /** @throws what the store throws. */
  async write(records: LogRecord[]): Promise<Stored> {
    if (this.open !== null && this.open.records > 50_000) await this.close();
    this.open ??= await openEmpty();
    this.open.records += records.length;
    const { spans, logs, metricPoints, deadLetters } = await this.open.store.writer.write(
      records,
      new AbortController().signal,
    );
    return { items: spans + logs + metricPoints, deadLetters };
  }

  async close(): Promise<void> {
    if (this.open === null) return;
    const { store, folder } = this.open;
    this.open = null;
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function openEmpty() {
  const folder = await mkdtemp(path.join(tmpdir(), 'orrery-fuzz-'));
  const deadLetters = await DeadLetters.open(path.join(folder, 'quarantine'));
  const store = await openDuckdbStore({
    dataDirectory: folder,
    memoryLimit: '400MB',
    threads: 1,
    deadLetters,
    definitions: () => [],
  });
  return { store, folder, records: 0 };
}
