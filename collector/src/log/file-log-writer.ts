import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, statfs } from 'node:fs/promises';
import { type StepTrace, untraced } from '../self/step-trace.js';
import { DedupeTable } from './dedupe-table.js';
import { DurableMark } from './durable-mark.js';
import { type FolderLock, takeFolderLock } from './folder-lock.js';
import { encodeFrame, FRAME_HEADER_BYTES, HASH_BYTES } from './frame.js';
import { readHashFiles } from './hash-file.js';
import { LogError, LogRefusal } from './log-error.js';
import type { LogPosition } from './log-record.js';
import type { AppendRequest, LogWriter } from './log-writer.js';
import { readReleaseMark } from './release-mark.js';
import { SEGMENT_HEADER_BYTES } from './segment.js';
import {
  createSegment,
  DAMAGED,
  deleteSegment,
  type KnownSegment,
  recoverSegments,
  segmentHashes,
} from './segment-store.js';

export interface LogWriterOptions {
  /** Folder of the log, made when it is not there. */
  directory: string;
  /** Bound of everything in the folder; when it is reached appends are refused with `log_full`. */
  maxBytes: number;
  /** Size at which a new segment is begun. */
  segmentBytes: number;
  /** Space to leave on the disk for the store; below it appends are refused with `disk_full`. */
  minFreeBytes: number;
  /** How long a body is recognised when it comes again. */
  dedupeMs: number;
  /** One line for whoever runs the collector. */
  warn: (line: string) => void;
  steps?: StepTrace;
  /** A clock that nobody sets, milliseconds, for the window while this runs; only differences count. */
  steadyMs?: () => number;
}

export interface LogFigures {
  /** Position up to which everything is on disk. */
  end: LogPosition;
  released: LogPosition;
  segments: number;
  bytes: number;
  maxBytes: number;
  records: number;
  duplicates: number;
  syncs: number;
  tornBytes: number;
}

interface Waiting {
  request: AppendRequest;
  hash: Buffer;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/** Frames per write: below the kernel's bound on the pieces of one `writev` (1024; a frame has up to three). */
const MAX_GROUP = 300;
/** How often the release mark and the disk's free space are looked at. */
const HOUSEKEEPING_MS = 1000;

/**
 * Segments of frames in one folder. Appends that arrive while the disk syncs share the next `fdatasync`. Only one
 * process may hold a folder; readers are other processes and see nothing that is not durable.
 */
export class FileLogWriter implements LogWriter {
  private readonly options: LogWriterOptions;
  private readonly steps: StepTrace;
  /** The wall clock at the start, gone on as time does: setting the clock neither ends the window nor prolongs it. */
  private readonly nowMs: () => number;
  private readonly lock: FolderLock;
  private readonly mark: DurableMark;
  private readonly dedupe: DedupeTable;
  /** Bodies on their way to the disk, by hash. */
  private readonly inFlight = new Map<string, Promise<void>>();
  private waiting: Waiting[] = [];
  private segments: KnownSegment[];
  private active: { file: FileHandle; salt: number; segment: KnownSegment } | null = null;
  private end: number;
  private released = 0;
  private diskIsFull = false;
  private folderIsGone = false;
  private flushing: Promise<void> | null = null;
  private sweeping: Promise<void> | null = null;
  private readonly timer: NodeJS.Timeout;
  private closed = false;
  private counts = { records: 0, duplicates: 0, syncs: 0, tornBytes: 0 };

  private constructor(
    options: LogWriterOptions,
    lock: FolderLock,
    mark: DurableMark,
    dedupe: DedupeTable,
    found: { segments: KnownSegment[]; end: number; tornBytes: number },
  ) {
    this.options = options;
    this.steps = options.steps ?? untraced;
    const steadyMs = options.steadyMs ?? (() => performance.now());
    const offsetMs = Date.now() - steadyMs();
    this.nowMs = () => offsetMs + steadyMs();
    this.lock = lock;
    this.mark = mark;
    this.dedupe = dedupe;
    this.segments = found.segments;
    this.end = found.end;
    this.counts.tornBytes = found.tornBytes;
    this.timer = setInterval(() => void this.sweep(), HOUSEKEEPING_MS);
    this.timer.unref();
  }

  /**
   * Takes the folder, cuts off what a crash tore, and rebuilds the table of recent bodies.
   * @throws LogError when another process holds the folder, or a segment is of a newer version.
   */
  static async open(options: LogWriterOptions): Promise<FileLogWriter> {
    await mkdir(options.directory, { recursive: true });
    const lock = takeFolderLock(options.directory, 'lock', (holder, cause) => {
      const sentence =
        `The log in ${options.directory} is in use by another collector${holder}. ` +
        'Stop that one, or start this one with another data directory.';
      return new LogError('log_locked', sentence, cause);
    });
    let mark: DurableMark | null = null;
    try {
      mark = new DurableMark(options.directory, 'write');
      const durable = Math.max(mark.read() ?? 0, await readReleaseMark(options.directory));
      const found = await recoverSegments(options.directory, durable);
      if (found.tornBytes > 0) {
        options.warn(
          `The last write was torn by a crash: ${found.tornBytes} unacknowledged bytes cut off the log's end.`,
        );
      }
      if (found.damagedBytes > 0) {
        options.warn(
          `${found.damagedBytes} bytes of the log's segments can not be read; they were moved to its folder "${DAMAGED}".`,
        );
      }
      const dedupe = await recentBodies(options, found.segments);
      const writer = new FileLogWriter(options, lock, mark, dedupe, found);
      await writer.begin();
      return writer;
    } catch (error) {
      mark?.close();
      lock.release();
      throw error;
    }
  }

  async append(request: AppendRequest): Promise<{ duplicate: boolean }> {
    if (this.closed) throw new LogError('log_closed', 'The log is closed.');
    const hash = hashOf(request);
    const key = hash.toString('latin1');
    const sameInFlight = this.inFlight.get(key);
    if (sameInFlight !== undefined) {
      await sameInFlight;
      this.counts.duplicates++;
      return { duplicate: true };
    }
    if (this.dedupe.has(hash, this.nowMs())) {
      this.counts.duplicates++;
      return { duplicate: true };
    }
    const written = new Promise<void>((resolve, reject) => {
      this.waiting.push({ request, hash, resolve, reject });
    });
    this.inFlight.set(key, written);
    this.flushing ??= this.flush();
    try {
      await written;
    } finally {
      this.inFlight.delete(key);
    }
    return { duplicate: false };
  }

  figures(): LogFigures {
    return {
      ...this.counts,
      end: this.end as LogPosition,
      released: Math.min(this.released, this.end) as LogPosition,
      segments: this.segments.length,
      bytes: this.bytes(),
      maxBytes: this.options.maxBytes,
    };
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    clearInterval(this.timer);
    await this.flushing;
    await this.sweeping;
    await this.active?.file.close();
    this.mark.close();
    this.lock.release();
  }

  /** Every run begins a new segment with its first record, behind whatever the last run left. */
  private async begin(): Promise<void> {
    this.mark.write(this.end);
    await this.sweep();
  }

  private async flush(): Promise<void> {
    // Whoever appends in this turn of the event loop shares the group.
    await Promise.resolve();
    while (this.waiting.length > 0) {
      const group = this.waiting.splice(0, MAX_GROUP);
      try {
        await this.write(group);
        for (const { resolve } of group) resolve();
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    this.flushing = null;
  }

  private async write(group: Waiting[]): Promise<void> {
    const bytes = group.reduce((sum, { request }) => sum + frameBytes(request), 0);
    this.refuseIfFull(bytes);
    try {
      const active = await this.activeSegment();
      const pieces = group.flatMap(({ request, hash }) => encodeFrame(request, hash, active.salt));
      await writeAll(active.file, pieces, this.end - active.segment.base + SEGMENT_HEADER_BYTES);
      this.steps('log.appended', this.end);
      await active.file.datasync();
      this.steps('log.synced', this.end);
    } catch (error) {
      await this.undo();
      throw new LogRefusal('disk_full', `The log could not be written: ${(error as Error).message}`, error);
    }
    this.end += bytes;
    this.active!.segment.end = this.end;
    // Before anything else may fail: a sender that is told of a failure now sends again.
    for (const { hash } of group) this.dedupe.add(hash, this.nowMs());
    this.mark.write(this.end);
    this.steps('log.marked', this.end);
    this.counts.syncs++;
    this.counts.records += group.length;
  }

  private refuseIfFull(bytes: number): void {
    if (this.bytes() + bytes > this.options.maxBytes) {
      void this.sweep();
      throw new LogRefusal(
        'log_full',
        `The log holds ${this.bytes()} of ${this.options.maxBytes} bytes: the store has not caught up.`,
      );
    }
    if (this.folderIsGone) {
      throw new LogRefusal(
        'disk_full',
        `The log's folder ${this.options.directory} is gone: bring it back, or start anew.`,
      );
    }
    if (this.diskIsFull) {
      throw new LogRefusal('disk_full', `Less than ${this.options.minFreeBytes} bytes are free on the log's disk.`);
    }
  }

  /** The segment to write to; a new one when the last is large enough. */
  private async activeSegment(): Promise<{ file: FileHandle; salt: number; segment: KnownSegment }> {
    if (this.active !== null && this.active.segment.end - this.active.segment.base >= this.options.segmentBytes) {
      await this.leaveActive();
    }
    if (this.active === null) {
      const { file, salt, path } = await createSegment(this.options.directory, this.end);
      this.active = { file, salt, segment: { base: this.end, end: this.end, path } };
      this.segments.push(this.active.segment);
      this.steps('log.begun', this.end);
    }
    return this.active;
  }

  /** After a failed write: nothing of it may stay. What can not even be cut off is left behind in its own segment. */
  private async undo(): Promise<void> {
    const { active } = this;
    if (active === null) return;
    try {
      await active.file.truncate(this.end - active.segment.base + SEGMENT_HEADER_BYTES);
      await active.file.datasync();
    } catch (error) {
      this.options.warn(`A failed write could not be undone (${(error as Error).message}); a new segment is begun.`);
      await this.leaveActive();
    }
  }

  private async leaveActive(): Promise<void> {
    const left = this.active;
    this.active = null;
    await left?.file.close();
  }

  /** The store is ahead of a log whose folder was lost: positions it has seen must not be given out again. */
  private async leap(position: number): Promise<void> {
    while (this.flushing !== null) await this.flushing;
    this.options.warn(
      `The store has read to ${position}, but the log ended at ${this.end}: it goes on at ${position}.`,
    );
    // At once: what is appended while the old segment is closed has its place behind the leap already.
    const left = this.active;
    this.active = null;
    this.end = position;
    this.mark.write(position);
    await left?.file.close();
  }

  private bytes(): number {
    return this.segments.reduce((sum, { base, end }) => sum + end - base + SEGMENT_HEADER_BYTES, 0);
  }

  private async sweep(): Promise<void> {
    this.sweeping ??= this.sweepOnce().finally(() => {
      this.sweeping = null;
    });
    await this.sweeping;
  }

  /** Deletes what the store has released, and looks at the disk. Never fails: it is tried again soon. */
  private async sweepOnce(): Promise<void> {
    const { directory, dedupeMs, minFreeBytes, warn } = this.options;
    try {
      this.released = await readReleaseMark(directory);
      if (this.released > this.end) await this.leap(this.released);
      // By the clock that is further back: what was received before the other was set must not seem old.
      const oldestNano = BigInt(Math.floor(Math.min(Date.now(), this.nowMs())) - dedupeMs) * 1_000_000n;
      // The list is replaced below, never changed.
      // The newest stays although it is stored: where it ends is where positions go on, whatever a power cut does to
      // the marks.
      for (const segment of this.segments.slice(0, -1)) {
        if (segment.end > this.released) continue;
        await deleteSegment(directory, segment, oldestNano, this.steps);
        this.segments = this.segments.filter((kept) => kept !== segment);
      }
      const disk = await statfs(directory);
      this.diskIsFull = disk.bavail * disk.bsize < minFreeBytes;
      this.folderIsGone = false;
    } catch (error) {
      // Segments that are open can be written to still, and nobody would ever read them.
      this.folderIsGone = (error as NodeJS.ErrnoException).code === 'ENOENT';
      warn(`Housekeeping of the log failed and will be tried again: ${(error as Error).message}`);
    }
  }
}

async function recentBodies(options: LogWriterOptions, segments: KnownSegment[]): Promise<DedupeTable> {
  const table = new DedupeTable(options.dedupeMs);
  const nowMs = Date.now();
  const oldestNano = BigInt(nowMs - options.dedupeMs) * 1_000_000n;
  const entries = await readHashFiles(options.directory, oldestNano, options.warn);
  for (const { path } of segments) entries.push(...(await segmentHashes(path, oldestNano)));
  // What seems to be of the future, since the clock was set back, is recognised for no longer than the rest.
  for (const { hash, receivedNano } of entries) table.add(hash, Math.min(nowMs, Number(receivedNano / 1_000_000n)));
  return table;
}

function hashOf(request: AppendRequest): Buffer {
  return createHash('sha256')
    .update(`${request.signal} ${request.tenant}\0`)
    .update(request.body)
    .digest()
    .subarray(0, HASH_BYTES);
}

function frameBytes(request: AppendRequest): number {
  return FRAME_HEADER_BYTES + Buffer.byteLength(request.tenant) + request.body.length;
}

async function writeAll(file: FileHandle, pieces: Uint8Array[], position: number): Promise<void> {
  const total = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const { bytesWritten } = await file.writev(pieces, position);
  if (bytesWritten === total) return;
  // A short write, as a full disk gives one: the rest says why.
  const rest = Buffer.concat(pieces).subarray(bytesWritten);
  let written = 0;
  while (written < rest.length) {
    const result = await file.write(rest, written, rest.length - written, position + bytesWritten + written);
    written += result.bytesWritten;
  }
}
