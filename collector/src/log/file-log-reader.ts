import { mkdir, open, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { DurableMark } from './durable-mark.js';
import type { LogReader } from './log-reader.js';
import type { LogPosition, LogRecord } from './log-record.js';
import { writeReleaseMark } from './release-mark.js';
import { listSegments, openSegment, SEGMENT_HEADER_BYTES, type SegmentFile } from './segment.js';
import { type Stretch, scanSegment } from './segment-scan.js';
import { DAMAGED } from './segment-store.js';

export interface LogReaderOptions {
  /** The writer's folder. It may be empty still: the reader waits. */
  directory: string;
  /** How long to wait at the end before looking again. */
  pollMs: number;
  /** One line for whoever runs the collector. */
  warn: (line: string) => void;
}

export interface LogReaderFigures {
  records: number;
  damagedRanges: number;
  damagedBytes: number;
}

/** Tails the segments of a {@link FileLogWriter} from another process. */
export class FileLogReader implements LogReader {
  private readonly options: LogReaderOptions;
  private mark: DurableMark | null = null;
  private released = 0;
  private counts: LogReaderFigures = { records: 0, damagedRanges: 0, damagedBytes: 0 };

  constructor(options: LogReaderOptions) {
    this.options = options;
  }

  async *tail(
    after: LogPosition,
    { maxBytes, signal }: { maxBytes: number; signal: AbortSignal },
  ): AsyncGenerator<LogRecord[], void, void> {
    let position: number = after;
    if (position > this.durableEnd()) await this.release(after);
    while (!signal.aborted) {
      const end = this.durableEnd();
      const before = position;
      if (end > position) {
        for await (const { records, next } of this.readSegment(position, end, maxBytes)) {
          position = next;
          if (records.length > 0) yield records;
          if (signal.aborted) return;
        }
      }
      if (position === before && !(await waited(this.options.pollMs, signal))) return;
    }
  }

  async release(position: LogPosition): Promise<void> {
    if (position <= this.released) return;
    await writeReleaseMark(this.options.directory, position);
    this.released = position;
  }

  async end(): Promise<LogPosition> {
    return this.durableEnd() as LogPosition;
  }

  figures(): LogReaderFigures {
    return { ...this.counts };
  }

  async close(): Promise<void> {
    this.mark?.close();
    this.mark = null;
  }

  private durableEnd(): number {
    try {
      this.mark ??= new DurableMark(this.options.directory, 'read');
    } catch (error) {
      // The writer has not been here yet.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
      throw error;
    }
    return this.mark.read() ?? 0;
  }

  /** Batches of the segment that `position` lies in, up to the log position `end`. */
  private async *readSegment(
    position: number,
    end: number,
    maxBytes: number,
  ): AsyncGenerator<{ records: LogRecord[]; next: number }, void, void> {
    const place = locate(await listSegments(this.options.directory), position);
    if (place === null) return;
    const { segment, limit } = place;
    const from = Math.max(position, segment.base);
    if (from > position)
      this.options.warn(`The log begins at ${from}: nothing is left of positions ${position} to ${from}.`);
    const opened = await openSegment(segment.path);
    if (opened === null) {
      // The writer sets it aside at its next start. What follows is read.
      if (limit === null || limit > end) return;
      this.options.warn(`${segment.path} can not be read: positions ${from} to ${limit} of the log are skipped.`);
      this.counts.damagedRanges++;
      this.counts.damagedBytes += limit - from;
      yield { records: [], next: limit };
      return;
    }
    try {
      const { size } = await stat(segment.path);
      const toPosition = (offset: number) => segment.base + offset - SEGMENT_HEADER_BYTES;
      const lastOffset = Math.min(size, Math.min(end, limit ?? end) - segment.base + SEGMENT_HEADER_BYTES);
      let records: LogRecord[] = [];
      let bytes = 0;
      let next = from;
      const start = from - segment.base + SEGMENT_HEADER_BYTES;
      for await (const stretch of scanSegment(opened.file, opened.header.salt, start, lastOffset)) {
        next = toPosition(stretch.end);
        if (stretch.kind === 'damage') {
          await this.setAside(segment, stretch);
          continue;
        }
        records.push(toRecord(stretch, toPosition(stretch.offset)));
        this.counts.records++;
        bytes += stretch.payload.length;
        if (bytes < maxBytes) continue;
        yield { records, next };
        records = [];
        bytes = 0;
      }
      // A later segment goes on where this one ends, or, where bytes were lost, further on.
      const read = limit !== null && (lastOffset === size || end >= limit);
      yield { records, next: read ? limit : next };
    } finally {
      await opened.file.close();
    }
  }

  /** Keeps damaged bytes in `damaged/` for whoever wants to look, and goes on. */
  private async setAside(segment: SegmentFile, { offset, end }: Stretch): Promise<void> {
    const position = segment.base + offset - SEGMENT_HEADER_BYTES;
    const folder = join(this.options.directory, DAMAGED);
    await mkdir(folder, { recursive: true });
    const file = await open(segment.path, 'r');
    try {
      const bytes = Buffer.alloc(end - offset);
      await file.read(bytes, 0, bytes.length, offset);
      await writeFile(join(folder, `${String(position).padStart(16, '0')}.bin`), bytes);
    } finally {
      await file.close();
    }
    this.counts.damagedRanges++;
    this.counts.damagedBytes += end - offset;
    this.options.warn(
      `${end - offset} damaged bytes of the log at position ${position} were skipped; they are in ${folder}.`,
    );
  }
}

/** The segment that holds `position` (or the first after it), and where the one behind it begins. */
function locate(segments: SegmentFile[], position: number): { segment: SegmentFile; limit: number | null } | null {
  const later = segments.findIndex(({ base }) => base > position);
  const index = later === -1 ? segments.length - 1 : Math.max(0, later - 1);
  const segment = segments[index];
  return segment === undefined ? null : { segment, limit: segments[index + 1]?.base ?? null };
}

function toRecord(stretch: Extract<Stretch, { kind: 'frame' }>, position: number): LogRecord {
  const { header, payload } = stretch;
  return {
    position: position as LogPosition,
    next: (position + stretch.end - stretch.offset) as LogPosition,
    signal: header.signal,
    encoding: header.encoding,
    receivedNano: header.receivedNano,
    tenant: payload.toString('utf8', 0, header.tenantLength),
    body: payload.subarray(header.tenantLength),
  };
}

/** False when the wait was cut short. */
async function waited(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await wait(ms, undefined, { signal });
    return true;
  } catch {
    return false;
  }
}
