import type { FileHandle } from 'node:fs/promises';
import { FRAME_HEADER_BYTES, type FrameHeader, findFrameStart, payloadIsWhole, readFrameHeader } from './frame.js';
import { SEGMENT_HEADER_BYTES } from './segment.js';

const CHUNK_BYTES = 1 << 20;

/** One frame of a segment, or a stretch of bytes that is none. Offsets are those of the file. */
export type Stretch =
  | { kind: 'frame'; offset: number; end: number; header: FrameHeader; payload: Buffer }
  | { kind: 'damage'; offset: number; end: number };

/**
 * Walks the frames of a segment from `offset` up to `limit` (file offsets), checking every checksum.
 * Damage is one stretch from the broken frame to the next whole one, or to `limit`.
 */
export async function* scanSegment(
  file: FileHandle,
  salt: number,
  offset: number,
  limit: number,
): AsyncGenerator<Stretch, void, void> {
  const window = new FileWindow(file, limit);
  let at = Math.max(offset, SEGMENT_HEADER_BYTES);
  while (at < limit) {
    const frame = await readFrame(window, salt, at);
    if (frame !== null) {
      yield frame;
      at = frame.end;
      continue;
    }
    const end = await nextFrame(window, salt, at + 1);
    yield { kind: 'damage', offset: at, end };
    at = end;
  }
}

/** The frame at `at` when it is whole, else null. */
async function readFrame(
  window: FileWindow,
  salt: number,
  at: number,
): Promise<Extract<Stretch, { kind: 'frame' }> | null> {
  const headerBytes = await window.read(at, FRAME_HEADER_BYTES);
  const header = readFrameHeader(headerBytes, 0, salt);
  if (header === null) return null;
  const payload = await window.read(at + FRAME_HEADER_BYTES, header.payloadLength);
  if (payload.length < header.payloadLength || !payloadIsWhole(header, payload, salt)) return null;
  return { kind: 'frame', offset: at, end: at + FRAME_HEADER_BYTES + header.payloadLength, header, payload };
}

/** Where the next whole frame begins, or the window's limit. */
async function nextFrame(window: FileWindow, salt: number, from: number): Promise<number> {
  let at = from;
  while (at < window.limit) {
    const bytes = await window.read(at, CHUNK_BYTES);
    let candidate = findFrameStart(bytes, 0);
    while (candidate !== -1) {
      if ((await readFrame(window, salt, at + candidate)) !== null) return at + candidate;
      candidate = findFrameStart(bytes, candidate + 1);
    }
    if (at + bytes.length >= window.limit) break;
    // Chunks overlap, so that a frame may begin anywhere.
    at += Math.max(1, bytes.length - FRAME_HEADER_BYTES);
  }
  return window.limit;
}

/** Reads ranges of a file through buffers that are never written again: ranges stay valid for whoever holds them. */
class FileWindow {
  readonly limit: number;
  private readonly file: FileHandle;
  private chunk: Buffer = Buffer.alloc(0);
  private chunkAt = 0;

  constructor(file: FileHandle, limit: number) {
    this.file = file;
    this.limit = limit;
  }

  /** Up to `length` bytes at `at`; fewer at the limit. */
  async read(at: number, length: number): Promise<Buffer> {
    const wanted = Math.max(0, Math.min(length, this.limit - at));
    const start = at - this.chunkAt;
    if (start >= 0 && start + wanted <= this.chunk.length) return this.chunk.subarray(start, start + wanted);
    const bytes = Buffer.allocUnsafe(Math.min(this.limit - at, Math.max(wanted, CHUNK_BYTES)));
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await this.file.read(bytes, filled, bytes.length - filled, at + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    this.chunk = bytes.subarray(0, filled);
    this.chunkAt = at;
    return this.chunk.subarray(0, Math.min(wanted, filled));
  }
}
