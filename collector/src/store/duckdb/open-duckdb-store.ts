import path from 'node:path';
import type { SagaDefinition } from '../../project/saga/definition.js';
import { type StepTrace, untraced } from '../../self/step-trace.js';
import type { DeadLetters } from '../dead-letters.js';
import type { TelemetryReader, TelemetryWriter } from '../store.js';
import { openDatabase } from './database.js';
import { QueryRunner } from './read/query-runner.js';
import { storeReader } from './read/store-reader.js';
import { dropOldSlices, type Retention } from './retention.js';
import { Slices } from './slices.js';
import { TraceFilters } from './trace-filters.js';
import { StoreWriter } from './write/store-writer.js';

/** After a slice's time is over, requests received in it may still be on their way through the log for a while. */
const GRACE_MS = 120_000;

export interface DuckdbStoreOptions {
  /** Slices live in `slices/` below it. */
  dataDirectory: string;
  /** How much time of receipt one slice holds; an hour when left out. */
  sliceMs?: number;
  /** What DuckDB may hold in memory, as it writes sizes. */
  memoryLimit?: string;
  threads?: number;
  queryTimeoutMs?: number;
  retention?: Partial<Retention>;
  deadLetters: DeadLetters;
  /** Saga definitions as they are now. */
  definitions: () => SagaDefinition[];
  steps?: StepTrace;
  /** Told of what had to be mended, in a sentence. */
  warn?: (sentence: string) => void;
}

export interface DuckdbStore {
  writer: TelemetryWriter;
  reader: TelemetryReader;
  /**
   * Removes the slices that retention no longer keeps, and returns their names; never the one that is written to.
   * Merges the deltas of one slice that is over, too: called every minute, that keeps up.
   */
  retain(nowMs: number): Promise<string[]>;
  close(): Promise<void>;
}

/** Opens the slices of a data directory. One process at a time may do so; DuckDB's file lock refuses a second. */
export async function openDuckdbStore(options: DuckdbStoreOptions): Promise<DuckdbStore> {
  const instance = await openDatabase({
    memoryLimit: options.memoryLimit ?? '1GB',
    threads: options.threads ?? 2,
    spillDirectory: path.join(options.dataDirectory, 'spill'),
  });
  const connection = await instance.connect();
  const sliceMs = options.sliceMs ?? 3_600_000;
  const steps = options.steps ?? untraced;
  const compacted = new Set<string>();
  const slices = await Slices.open(connection, {
    directory: path.join(options.dataDirectory, 'slices'),
    sliceMs,
    steps,
    warn: options.warn ?? (() => undefined),
  });
  const runner = await QueryRunner.open(instance, {
    connections: 4,
    timeoutMs: options.queryTimeoutMs ?? 30_000,
    waiting: 100,
  });
  const filters = new TraceFilters(connection);
  const writer = await StoreWriter.open(instance, slices, {
    definitions: options.definitions,
    deadLetters: options.deadLetters,
    steps,
    onCommit: (slice, traceIds) => filters.add(slice, traceIds),
  });
  const context = {
    slices,
    runner,
    definitions: options.definitions,
    slicesOfTrace: (traceId: string) => filters.slicesOf(traceId, slices.all()),
  };
  const retention: Retention = { maxAgeMs: 7 * 86_400_000, maxBytes: 20e9, ...options.retention };
  return {
    writer,
    reader: storeReader(context, options.deadLetters),
    async retain(nowMs) {
      const dropped = await dropOldSlices(slices, retention, nowMs);
      for (const slice of slices.all().slice(0, -1)) {
        if (compacted.has(slice.name) || nowMs < slice.startMs + sliceMs + GRACE_MS) continue;
        compacted.add(slice.name);
        if (await writer.compact(slice)) break;
      }
      return dropped;
    },
    async close() {
      await writer.close();
      runner.close();
      await slices.close();
      connection.closeSync();
      instance.closeSync();
    },
  };
}
