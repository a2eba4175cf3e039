import path from 'node:path';
import type { LogRecord } from '../../log/log-record.js';
import type { SagaDefinition } from '../../project/saga/definition.js';
import { type StepTrace, untraced } from '../../self/step-trace.js';
import type { SagaCaps } from '../answers/saga-caps.js';
import type { DeadLetters } from '../dead-letters.js';
import type { TelemetryReader, TelemetryWriter } from '../store.js';
import { openDatabase } from './database.js';
import { HeldFigures } from './held-figures.js';
import { LineFilters } from './line-filters.js';
import { QueryRunner } from './read/query-runner.js';
import { SAGA_CAPS } from './read/read-sagas.js';
import { RememberedCalls } from './read/remembered-calls.js';
import { SpanDictionaries } from './read/span-dictionaries.js';
import { storeReader } from './read/store-reader.js';
import { dropOldSlices, type Retention, signalsPast } from './retention.js';
import { RunningQuestions } from './running-questions.js';
import { Sealer } from './seal/sealer.js';
import type { Slice } from './slice.js';
import { SliceFilters } from './slice-filters.js';
import { sliceOperations } from './slice-operations.js';
import { sliceResolutions } from './slice-resolutions.js';
import { sliceResources } from './slice-resources.js';
import { MAX_ATTACHED, Slices } from './slices.js';
import { type SnapshotProgress, snapshotSlices } from './snapshot.js';
import { RENEWED_AFTER } from './write/slice-renewal.js';
import { StoreWriter } from './write/store-writer.js';

/** After a slice's time is over, requests received in it may still be on their way through the log for a while. */
const GRACE_MS = 120_000;
/** Slices whose figures by the hour are read before anybody asks. */
const WARM_FIGURES = 24;
/** One slice that can not be rewritten (a full disk, damage) does not keep the others waiting, nor the disk busy. */
const SEAL_AGAIN_MS = 3_600_000;

export interface DuckdbStoreOptions {
  /** Slices live in `slices/` below it. */
  dataDirectory: string;
  /** How much time of receipt one slice holds; an hour when left out. */
  sliceMs?: number;
  /** What DuckDB may hold in memory, as it writes sizes. */
  memoryLimit?: string;
  threads?: number;
  queryTimeoutMs?: number;
  /** Slices whose files stay open when no question needs more: see slices.ts. */
  maxAttached?: number;
  /** Checkpoints after which the newest slice is attached anew: see slice-renewal.ts. */
  renewedAfter?: number;
  retention?: Partial<Retention>;
  sagaCaps?: SagaCaps;
  deadLetters: DeadLetters;
  /** Saga definitions as they are now. */
  definitions: () => SagaDefinition[];
  /** Identity of the log whose records are written: see log-identity.ts. */
  log?: string;
  steps?: StepTrace;
  /** Told of what had to be mended, in a sentence. */
  warn?: (sentence: string) => void;
}

export interface DuckdbStore {
  writer: TelemetryWriter;
  reader: TelemetryReader;
  /**
   * Removes the slices that retention no longer keeps, and returns their names; never the one that is written to.
   * Seals the slices that are over and removes rows that are kept less long than figures, too; a call while another
   * is at that returns with the other.
   */
  retain(nowMs: number): Promise<string[]>;
  /** Stores a record that was set aside, once; see the writer. */
  replay(record: LogRecord): Promise<{ stored: boolean }>;
  /** Copies every slice into a folder, as all of them were at one moment. */
  snapshot(folder: string, progress: (progress: SnapshotProgress) => void, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** Opens the slices of a data directory. One process at a time may do so; DuckDB's file lock refuses a second. */
export async function openDuckdbStore(options: DuckdbStoreOptions): Promise<DuckdbStore> {
  const { threads = 2, memoryLimit = '1GB' } = options;
  const instance = await openDatabase({
    memoryLimit,
    threads,
    spillDirectory: path.join(options.dataDirectory, 'spill'),
  });
  const connection = await instance.connect();
  const sliceMs = options.sliceMs ?? 3_600_000;
  const { steps = untraced, warn = () => undefined } = options;
  const questions = new RunningQuestions();
  const slices = await Slices.open(connection, {
    directory: path.join(options.dataDirectory, 'slices'),
    sliceMs,
    questions,
    steps,
    log: options.log ?? '',
    warn,
    maxAttached: options.maxAttached ?? MAX_ATTACHED,
  });
  const runner = await QueryRunner.open(instance, {
    connections: 4,
    timeoutMs: options.queryTimeoutMs ?? 30_000,
    waiting: 100,
  });
  const filters = new SliceFilters(connection, slices, new LineFilters(slices, runner));
  const writer = await StoreWriter.open(instance, slices, {
    definitions: options.definitions,
    deadLetters: options.deadLetters,
    steps,
    threads,
    memoryLimit,
    renewal: { questions, after: options.renewedAfter ?? RENEWED_AFTER, warn },
    onCommit: (slice, traceIds) => filters.add(slice, traceIds),
  });
  const sealer = new Sealer({
    connection: await instance.connect(),
    slices,
    betweenCommits: (work) => writer.betweenCommits(work),
    trimBlocks: () => writer.trimBlocks(),
    steps,
    warn,
  });
  const held = await HeldFigures.open(instance, slices, questions);
  const dictionaries = new SpanDictionaries(slices, runner);
  const operations = sliceOperations(slices, runner);
  const resolutions = sliceResolutions(slices, runner);
  const resources = sliceResources(slices, runner);
  const context = {
    slices,
    filters,
    operations,
    resolutions,
    resources,
    held,
    dictionaries,
    calls: new RememberedCalls(),
    sagaCaps: options.sagaCaps ?? SAGA_CAPS,
    runner,
    definitions: options.definitions,
  };
  const retention: Retention = { maxAgeMs: 7 * 86_400_000, maxBytes: 20e9, rowsMaxAgeMs: {}, ...options.retention };
  const stopping = new AbortController();
  const warming = questions.run(async () => {
    for (const held of [filters, operations, resources, dictionaries]) await held.warmUp(stopping.signal);
    // The first screens ask for the figures of a day.
    if (!stopping.signal.aborted) await held.load(slices.newest().slice(0, WARM_FIGURES)).catch(() => undefined);
    // Of more slices than stay attached those are kept that are asked most.
    for (const slice of slices.newest().reverse()) {
      if (stopping.signal.aborted) return;
      if (slice.sealed) await slices.attach(slice).catch(() => undefined);
    }
  });

  /** Slices that could not be sealed, and when to try again. */
  const failed = new Map<string, number>();

  /** The oldest slice that is over and not as it should be, and the signals whose rows it should not have. */
  function nextToSeal(nowMs: number, left: ReadonlySet<string>): { slice: Slice; without: number[] } | null {
    for (const slice of slices.all().slice(0, -1)) {
      if (nowMs < slice.startMs + sliceMs + GRACE_MS || left.has(slice.name)) continue;
      if (nowMs < (failed.get(slice.name) ?? 0)) continue;
      const without = signalsPast(slice, retention, nowMs);
      if (!slice.sealed || without.some((signal) => !slice.sealed?.removed.includes(signal))) return { slice, without };
    }
    return null;
  }

  async function maintain(nowMs: number): Promise<string[]> {
    const dropped = await dropOldSlices(slices, retention, nowMs);
    const left = new Set<string>();
    for (let next = nextToSeal(nowMs, left); next && !stopping.signal.aborted; next = nextToSeal(nowMs, left)) {
      const { slice, without } = next;
      left.add(slice.name);
      try {
        await sealer.seal(slice, without);
      } catch (error) {
        if (stopping.signal.aborted) break;
        failed.set(slice.name, nowMs + SEAL_AGAIN_MS);
        warn(
          `The slice ${slice.name} stays as it was written, and is tried again in an hour: ${(error as Error).message}`,
        );
      }
    }
    await slices.removed();
    return dropped;
  }

  let maintaining: Promise<string[]> | null = null;
  return {
    writer,
    reader: counted(storeReader(context, options.deadLetters), questions),
    replay: (record) => writer.replay(record),
    snapshot: (folder, progress, signal) => snapshotSlices(slices, { connection, writer }, folder, progress, signal),
    retain(nowMs) {
      maintaining ??= maintain(nowMs).finally(() => {
        maintaining = null;
      });
      return maintaining;
    },
    async close() {
      stopping.abort();
      await sealer.stop();
      await maintaining?.catch(() => undefined);
      await warming;
      await writer.close();
      await questions.over();
      runner.close();
      await slices.close();
      sealer.close();
      held.close();
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** A reader whose questions are known to be running. */
function counted(reader: TelemetryReader, questions: RunningQuestions): TelemetryReader {
  const methods = Object.entries(reader) as [string, (...given: unknown[]) => Promise<unknown>][];
  return Object.fromEntries(
    methods.map(([name, method]) => [name, (...given: unknown[]) => questions.run(() => method(...given))]),
  ) as unknown as TelemetryReader;
}
