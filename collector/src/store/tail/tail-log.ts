import { setTimeout as wait } from 'node:timers/promises';
import type { LogReader } from '../../log/log-reader.js';
import type { LogRecord } from '../../log/log-record.js';
import type { StepTrace } from '../../self/step-trace.js';
import { type DeadLetters, ENDED_THE_PROCESS } from '../dead-letters.js';
import { StoreError, type TelemetryWriter, type WriteReport } from '../store.js';
import type { AttemptMark } from './attempt-mark.js';
import type { Backlog } from './backlog.js';

export interface TailOptions {
  /** Bytes of bodies in one write, under load. */
  maxBytes: number;
  /** Least time between the beginnings of two small writes, so that many small requests share a commit. */
  commitMs: number;
  /** The same while {@link BUSY_ROWS} come in a second: larger commits cost much less a row. */
  busyCommitMs: number;
  /** Bytes from which on a write is not small. */
  largeBytes: number;
}

export interface TailFigures {
  /** End of the last record that is stored. */
  storedTo: number;
  /** Null while writes succeed. */
  trouble: string | null;
}

export interface TailParts {
  log: LogReader;
  writer: TelemetryWriter;
  deadLetters: DeadLetters;
  attempts: AttemptMark;
  backlog: Backlog;
  warn: (sentence: string) => void;
  steps: StepTrace;
}

/** Writes under way at the same time: one is committed while the next is staged. */
const OVERLAP = 2;
/** Rows a second from which on what commits cost is worth more than how soon rows are seen. */
const BUSY_ROWS = 10_000;
const FIRST_RETRY_MS = 200;
const LAST_RETRY_MS = 10_000;

/**
 * Follows the log and stores what it finds, until the signal. A failure that may pass is tried again from the last
 * stored record, with growing pauses; a record that fails for good, or took the process down twice, is set aside.
 */
export async function tailLog(
  parts: TailParts,
  options: TailOptions,
  figures: TailFigures,
  signal: AbortSignal,
): Promise<void> {
  let pauseMs = FIRST_RETRY_MS;
  let aloneUntil = 0;
  while (!signal.aborted) {
    try {
      figures.storedTo = await parts.writer.cursor();
      parts.backlog.stored(figures.storedTo);
      const moved = () => {
        pauseMs = FIRST_RETRY_MS;
      };
      await follow(parts, options, figures, aloneUntil, moved, signal);
    } catch (error) {
      if (signal.aborted) return;
      figures.trouble = `The store does not take what was received: ${(error as Error).message}`;
      parts.warn(figures.trouble);
      // From here on one by one, so that the culprit shows.
      if (error instanceof WriteFailure && !error.retryable) aloneUntil = Math.max(aloneUntil, error.to);
      await wait(pauseMs, undefined, { signal }).catch(() => undefined);
      pauseMs = Math.min(pauseMs * 2, LAST_RETRY_MS);
    }
  }
}

class WriteFailure extends Error {
  readonly code = 'write_failed';
  readonly retryable: boolean;
  readonly to: number;

  constructor(cause: unknown, to: number) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.retryable = !(cause instanceof StoreError) || cause.retryable;
    this.to = to;
  }
}

async function follow(
  parts: TailParts,
  options: TailOptions,
  figures: TailFigures,
  aloneUntil: number,
  moved: () => void,
  signal: AbortSignal,
): Promise<void> {
  const running: Promise<void>[] = [];
  let failure: unknown = null;
  // Not the wall clock: one that is set back an hour would make the next write wait for it.
  let began = performance.now();
  const after = await parts.writer.cursor();
  // The mark may be lost, and a log that is full of what is stored would wait for it with us.
  await parts.log.release(after);
  for await (const records of parts.log.tail(after, { maxBytes: options.maxBytes, signal })) {
    const first = records[0];
    if (!first) continue;
    const sinceLastMs = performance.now() - began;
    began = performance.now();
    let rows = 0;
    const stride =
      first.position < aloneUntil
        ? 1
        : first.position < parts.attempts.suspectUntil
          ? parts.attempts.stride
          : records.length;
    if (stride < records.length || parts.attempts.isCulprit(first.position, first.next)) {
      await Promise.all(running);
      for (let at = 0; at < records.length; at += stride) {
        await storeCarefully(parts, figures, records.slice(at, at + stride), signal);
        moved();
      }
      continue;
    }
    const write = store(parts, figures, records, signal).then((report) => {
      rows = report.spans + report.logs + report.metricPoints;
      moved();
    });
    running.push(write);
    write.then(
      () => running.splice(running.indexOf(write), 1),
      (error: unknown) => {
        failure ??= error;
      },
    );
    const bytes = records.reduce((sum, record) => sum + record.body.length, 0);
    if (bytes < options.largeBytes) {
      await Promise.all(running);
      const isBusy = rows * 1000 >= BUSY_ROWS * Math.max(sinceLastMs, options.commitMs);
      const rest = (isBusy ? options.busyCommitMs : options.commitMs) - (performance.now() - began);
      if (rest > 0) await wait(rest, undefined, { signal }).catch(() => undefined);
    } else if (running.length >= OVERLAP) await running[0];
    if (failure !== null) break;
  }
  await Promise.allSettled(running);
  if (failure !== null) throw failure as Error;
}

async function store(
  parts: TailParts,
  figures: TailFigures,
  records: LogRecord[],
  signal: AbortSignal,
): Promise<WriteReport> {
  const first = records[0] as LogRecord;
  const last = records.at(-1) as LogRecord;
  parts.attempts.begin(first.position, last.next, records.length);
  parts.steps('store.attempted', last.next);
  let report: WriteReport;
  try {
    report = await parts.writer.write(records, signal);
  } catch (error) {
    throw new WriteFailure(error, last.next);
  } finally {
    parts.attempts.end(first.position);
  }
  await parts.log.release(last.next);
  parts.steps('store.released', last.next);
  figures.storedTo = last.next;
  parts.backlog.stored(last.next, Number(last.receivedNano / 1_000_000n));
  figures.trouble = null;
  return report;
}

/** Records from where something went wrong; one that fails for good or took us down by itself is set aside. */
async function storeCarefully(
  parts: TailParts,
  figures: TailFigures,
  records: LogRecord[],
  signal: AbortSignal,
): Promise<void> {
  const [record] = records;
  if (!record) return;
  if (records.length === 1 && parts.attempts.isCulprit(record.position, record.next)) {
    await setAside(parts, figures, record, ENDED_THE_PROCESS, signal);
    return;
  }
  try {
    await store(parts, figures, records, signal);
  } catch (error) {
    if (records.length > 1 || !(error instanceof WriteFailure) || error.retryable) throw error;
    await setAside(parts, figures, record, error.message, signal);
  }
}

async function setAside(
  parts: TailParts,
  figures: TailFigures,
  record: LogRecord,
  reason: string,
  signal: AbortSignal,
): Promise<void> {
  await parts.deadLetters.add(record, reason);
  parts.warn(`A request at position ${record.position} of the log can not be stored and was set aside: ${reason}`);
  // An empty body in its place moves the cursor past it.
  await store(parts, figures, [{ ...record, encoding: 0, body: new Uint8Array() }], signal);
}
