import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { FileLogReader } from '../../log/file-log-reader.js';
import { type FolderLock, takeFolderLock } from '../../log/folder-lock.js';
import { logIdentity } from '../../log/log-identity.js';
import type { LogRecord } from '../../log/log-record.js';
import type { SagaDefinition } from '../../project/saga/definition.js';
import { type StepTrace, untraced } from '../../self/step-trace.js';
import { DeadLetters } from '../dead-letters.js';
import { openDuckdbStore } from '../duckdb/open-duckdb-store.js';
import type { LetterPlace } from '../set-aside/letter-desk.js';
import { openDesk } from '../set-aside/open-desk.js';
import { recordLetters } from '../set-aside/record-letters.js';
import { StoreError, type TelemetryReader, type TelemetryWriter } from '../store.js';
import { AttemptMark } from './attempt-mark.js';
import { Backlog } from './backlog.js';
import { RetentionClock } from './retention-clock.js';
import { type Snapshot, serveStore } from './store-server.js';
import { storeSocket } from './store-socket.js';
import { type TailFigures, tailLog } from './tail-log.js';
import type { StoreProcessHealth } from './wire.js';

export interface RunStoreConfig {
  /** Folder of everything that is kept: `slices/`, `quarantine/` and `store.sock` are made in it. */
  dataDirectory: string;
  /** The write-ahead log's folder. */
  logDirectory: string;
  sliceMs: number;
  /** What DuckDB may hold in memory. */
  memoryBytes: number;
  threads: number;
  /** 0 keeps slices whatever their age. */
  retentionMs: number;
  /** 0 keeps slices whatever their size. */
  retentionBytes: number;
  /** How long rows are kept where that is shorter than `retentionMs`. */
  rowsRetentionMs?: { traces?: number; logs?: number; metrics?: number };
}

/** The process is handed the store it feeds, so that the same tail serves every one. */
export interface StoreBehind {
  writer: TelemetryWriter;
  reader: TelemetryReader;
  /** What has to be done every minute; returns the slices that were removed. */
  retain(nowMs: number, signal: AbortSignal): Promise<string[]>;
  /** Stores a record that was set aside as if it had come in its turn, once; `stored` is false when it can not be read. */
  replay(record: LogRecord, signal: AbortSignal): Promise<{ stored: boolean }>;
  /** Letters that the store keeps itself: single documents it refused. */
  letters?: LetterPlace;
  /** Copies what is stored into a folder; missing where it is not kept here. */
  snapshot?: Snapshot;
  /** Why a write that is under way does not come to an end, when that is known. */
  trouble?(): string | null;
  close(): Promise<void>;
}

export interface RunStoreParts {
  definitions: () => SagaDefinition[];
  info: (sentence: string) => void;
  warn: (sentence: string) => void;
  steps?: StepTrace;
  /** DuckDB's slices when left out. */
  open?: (deadLetters: DeadLetters) => Promise<StoreBehind>;
}

export interface RunningStore {
  socketPath: string;
  reader: TelemetryReader;
  health(): Promise<StoreProcessHealth>;
  /** Finishes the write that is under way and gives everything back. */
  stop(): Promise<void>;
}

const RETENTION_EVERY_MS = 60_000;
/** How well the age of what waits is known. */
const LOOK_AT_LOG_EVERY_MS = 250;
const TAIL = { maxBytes: 48 << 20, commitMs: 250, busyCommitMs: 250, largeBytes: 2 << 20 };
/**
 * In a second and a half what comes fast fills row groups of its own: see slices.ts. Two writes and what is read for the
 * next are in memory, each of as much as one commit takes.
 */
const DUCKDB_TAIL = { maxBytes: 24 << 20, commitMs: 250, busyCommitMs: 1500, largeBytes: 8 << 20 };

/**
 * The store process: follows the log, commits, and answers questions over a local socket.
 * @throws StoreError `store_locked` when another process stores what this data directory receives.
 */
export async function runStore(config: RunStoreConfig, parts: RunStoreParts): Promise<RunningStore> {
  await mkdir(config.dataDirectory, { recursive: true });
  const lock = takeFolderLock(config.dataDirectory, 'store.lock', (holder, cause) => {
    const sentence =
      `The store of ${config.dataDirectory} is in use by another collector${holder}. ` +
      'Stop that one, or start this one with another data directory.';
    return new StoreError('store_locked', sentence, { retryable: false, cause });
  });
  try {
    return await runLocked(config, parts, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function runLocked(config: RunStoreConfig, parts: RunStoreParts, lock: FolderLock): Promise<RunningStore> {
  const deadLetters = await DeadLetters.open(path.join(config.dataDirectory, 'quarantine'), undefined, parts.warn);
  const store = await (parts.open?.(deadLetters) ?? openDuckdb(config, parts, deadLetters));
  const log = new FileLogReader({ directory: config.logDirectory, pollMs: 50, warn: parts.warn });
  const stopping = new AbortController();
  const figures: TailFigures = { storedTo: 0, trouble: null };
  const attempts = new AttemptMark(config.dataDirectory);
  const backlog = new Backlog(await log.end());
  const health = async (): Promise<StoreProcessHealth> => {
    const lagBytes = Math.max(0, (await log.end()) - figures.storedTo);
    const lagMs = lagBytes > 0 ? backlog.waitedMs() : 0;
    const { damagedBytes } = log.figures();
    return { lagBytes, lagMs, damagedBytes, trouble: store.trouble?.() ?? figures.trouble };
  };
  const socketPath = storeSocket(config.dataDirectory);
  const records = recordLetters(deadLetters, (record, signal) => store.replay(record, signal));
  const letters = openDesk([records, ...(store.letters ? [store.letters] : [])], () => ({
    bytes: deadLetters.bytes,
    limitBytes: deadLetters.bounds.maxBytes,
    madeRoom: deadLetters.madeRoom,
  }));
  const server = await serveStore(socketPath, {
    reader: store.reader,
    letters,
    health,
    ...(store.snapshot ? { snapshot: store.snapshot } : {}),
  });
  const tail = tailLog(
    {
      log,
      writer: store.writer,
      deadLetters,
      attempts,
      backlog,
      warn: parts.warn,
      steps: parts.steps ?? untraced,
    },
    parts.open ? TAIL : DUCKDB_TAIL,
    figures,
    stopping.signal,
  );
  const clock = new RetentionClock(config.dataDirectory);
  let toldOfLeap = false;
  const retain = async () => {
    try {
      const { ms, leapt } = clock.now(Date.now());
      if (leapt && !toldOfLeap)
        parts.warn(
          `The clock is ahead of ${new Date(ms).toISOString()}, when it was looked at last: nothing is removed for its age for an hour, in case it is wrong.`,
        );
      toldOfLeap = leapt;
      const dropped = await store.retain(ms, stopping.signal);
      if (dropped.length > 0) parts.info(`Retention removed the slices ${dropped.join(', ')}.`);
    } catch (error) {
      if (stopping.signal.aborted) return;
      parts.warn(`Retention has to wait: ${(error as Error).message}`);
    }
  };
  // A log that can not be read is the trouble of who stores it.
  const lookAtLog = () =>
    void log.end().then(
      (end) => backlog.reaches(end),
      () => undefined,
    );
  const timers = [setInterval(() => void retain(), RETENTION_EVERY_MS), setInterval(lookAtLog, LOOK_AT_LOG_EVERY_MS)];
  return {
    socketPath,
    reader: store.reader,
    health,
    async stop() {
      for (const timer of timers) clearInterval(timer);
      stopping.abort();
      await tail;
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await log.close();
      await store.close();
      lock.release();
    },
  };
}

async function openDuckdb(
  config: RunStoreConfig,
  parts: RunStoreParts,
  deadLetters: DeadLetters,
): Promise<StoreBehind> {
  return await openDuckdbStore({
    log: await logIdentity(config.logDirectory, parts.warn),
    dataDirectory: config.dataDirectory,
    sliceMs: config.sliceMs,
    memoryLimit: `${Math.floor(config.memoryBytes / 1e6)}MB`,
    threads: config.threads,
    retention: {
      maxAgeMs: config.retentionMs > 0 ? config.retentionMs : Number.POSITIVE_INFINITY,
      maxBytes: config.retentionBytes > 0 ? config.retentionBytes : Number.POSITIVE_INFINITY,
      rowsMaxAgeMs: config.rowsRetentionMs ?? {},
    },
    deadLetters,
    definitions: parts.definitions,
    steps: parts.steps ?? untraced,
    warn: parts.warn,
  });
}
