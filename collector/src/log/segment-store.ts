import { type FileHandle, mkdir, open, rename, stat, unlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { StepTrace } from '../self/step-trace.js';
import { type HashEntry, writeHashFile } from './hash-file.js';
import {
  encodeSegmentHeader,
  listSegments,
  newSalt,
  openSegment,
  SEGMENT_HEADER_BYTES,
  segmentPath,
} from './segment.js';
import { scanSegment } from './segment-scan.js';

/** Folder, in the log's own, of bytes that could not be read. */
export const DAMAGED = 'damaged';

/** A segment on disk as the writer knows it: frames from position `base` to position `end`. */
export interface KnownSegment {
  base: number;
  end: number;
  path: string;
}

/** A new segment, its header and its name safely on disk. */
export async function createSegment(
  directory: string,
  base: number,
): Promise<{ file: FileHandle; salt: number; path: string }> {
  const salt = newSalt();
  const path = segmentPath(directory, base);
  const file = await open(path, 'wx');
  try {
    await file.write(encodeSegmentHeader({ base, salt }), 0, SEGMENT_HEADER_BYTES, 0);
    await file.sync();
    await syncDirectory(directory);
  } catch (error) {
    await file.close();
    await unlink(path);
    throw error;
  }
  return { file, salt, path };
}

/** Makes creations, renames and removals in `directory` survive a power failure. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Deletes a segment; what of it may still come a second time is kept as hashes. */
export async function deleteSegment(
  directory: string,
  segment: KnownSegment,
  oldestNano: bigint,
  steps: StepTrace,
): Promise<void> {
  const entries = await segmentHashes(segment.path, oldestNano);
  if (entries.length > 0) {
    await writeHashFile(directory, segment.base, entries);
    await syncDirectory(directory);
  }
  steps('log.hashed', segment.end);
  await unlink(segment.path);
  steps('log.deleted', segment.end);
}

/** Hashes of a segment's requests that were received since `oldestNano`. */
export async function segmentHashes(path: string, oldestNano: bigint): Promise<HashEntry[]> {
  const { size, mtimeMs } = await stat(path);
  // Nothing is written to a segment before it was received.
  if (BigInt(Math.ceil(mtimeMs)) * 1_000_000n < oldestNano) return [];
  const opened = await openSegment(path);
  if (opened === null) return [];
  const entries: HashEntry[] = [];
  try {
    for await (const stretch of scanSegment(opened.file, opened.header.salt, 0, size)) {
      if (stretch.kind === 'frame' && stretch.header.receivedNano >= oldestNano) {
        entries.push({ hash: Buffer.from(stretch.header.hash), receivedNano: stretch.header.receivedNano });
      }
    }
  } finally {
    await opened.file.close();
  }
  return entries;
}

/** What a start finds: whole segments, and how much of the last one was torn off by a crash. */
export interface RecoveredLog {
  segments: KnownSegment[];
  /** Position at which writing goes on. */
  end: number;
  tornBytes: number;
  /** Bytes of segments that could not be read at all; they are in `damaged/`. */
  damagedBytes: number;
}

/**
 * Brings the log's end in order. Bytes after the last whole frame that were never declared durable are the trace of a
 * crash, and are cut off; if they had been declared durable they are damage, stay for the reader to set aside, and the
 * log goes on behind them: positions never go back.
 */
export async function recoverSegments(directory: string, durable: number): Promise<RecoveredLog> {
  const files = await listSegments(directory);
  // A newer log is left as it is, so all of it is looked at before anything is brought in order.
  for (const { path } of files) await (await openSegment(path))?.file.close();
  const segments: KnownSegment[] = [];
  let end = durable;
  let tornBytes = 0;
  let damagedBytes = 0;
  for (const [i, { base, path }] of files.entries()) {
    const opened = await openSegment(path);
    let { size } = await stat(path);
    if (opened === null) {
      // Torn at its making, when nothing of it was declared durable; else damaged, and kept for whoever wants to look.
      if (size > SEGMENT_HEADER_BYTES && base < durable) damagedBytes += await setSegmentAside(directory, path);
      else {
        await unlink(path);
        tornBytes += size;
      }
      continue;
    }
    try {
      if (i === files.length - 1) {
        const whole = await endOfWholeFrames(opened.file, opened.header.salt, size);
        const kept = Math.max(whole, Math.min(size, durable - base + SEGMENT_HEADER_BYTES));
        await truncate(path, kept);
        tornBytes += size - kept;
        size = kept;
      } else {
        size = Math.min(size, files[i + 1]!.base - base + SEGMENT_HEADER_BYTES);
      }
    } finally {
      await opened.file.close();
    }
    if (size === SEGMENT_HEADER_BYTES) {
      await unlink(path);
      continue;
    }
    const segmentEnd = base + size - SEGMENT_HEADER_BYTES;
    segments.push({ base, end: segmentEnd, path });
    end = Math.max(end, segmentEnd);
  }
  return { segments, end, tornBytes, damagedBytes };
}

/** Moves a segment out of the log; returns its size. */
async function setSegmentAside(directory: string, path: string): Promise<number> {
  const { size } = await stat(path);
  await mkdir(join(directory, DAMAGED), { recursive: true });
  await rename(path, join(directory, DAMAGED, basename(path)));
  return size;
}

async function endOfWholeFrames(file: FileHandle, salt: number, size: number): Promise<number> {
  let end = SEGMENT_HEADER_BYTES;
  for await (const stretch of scanSegment(file, salt, 0, size)) {
    if (stretch.kind === 'frame') end = stretch.end;
  }
  return end;
}

/** Cuts a file to `size`. What stays is synced: it may be whole and yet not on the disk. */
async function truncate(path: string, size: number): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.truncate(size);
    await file.sync();
  } finally {
    await file.close();
  }
}
