import { randomBytes } from 'node:crypto';
import { type FileHandle, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { LogError } from './log-error.js';

/** Version of the log: of its segments' headers and frames, and of the files beside them. Raise it with any change; older ones stay readable. */
const FORMAT = 1;
const MAGIC = Buffer.from('ORRYLOG', 'latin1');
const SUFFIX = '.segment';

/** `ORRYLOG`, format (1 byte), position of the first frame (u64 LE), salt (u32 LE), four zeros. */
export const SEGMENT_HEADER_BYTES = 24;

/** A file of frames. Positions count frame bytes only: `position = base + offset - SEGMENT_HEADER_BYTES`. */
export interface SegmentHeader {
  base: number;
  /** Seed of the frames' checksums, so that no body can carry bytes that pass for a frame. */
  salt: number;
}

export interface SegmentFile {
  base: number;
  path: string;
}

export function encodeSegmentHeader({ base, salt }: SegmentHeader): Buffer {
  const header = Buffer.alloc(SEGMENT_HEADER_BYTES);
  MAGIC.copy(header);
  header[7] = FORMAT;
  header.writeBigUInt64LE(BigInt(base), 8);
  header.writeUInt32LE(salt, 16);
  return header;
}

export function newSalt(): number {
  return randomBytes(4).readUInt32LE();
}

export function segmentPath(directory: string, base: number): string {
  // Sixteen digits hold every position, so that names sort like positions.
  return join(directory, `${String(base).padStart(16, '0')}${SUFFIX}`);
}

/** The segments of a log, oldest first. */
export async function listSegments(directory: string): Promise<SegmentFile[]> {
  const names = await readdir(directory);
  return names
    .filter((name) => /^\d{16}\.segment$/.test(name))
    .sort()
    .map((name) => ({ base: Number(name.slice(0, 16)), path: join(directory, name) }));
}

/**
 * Opens a segment for reading; null when the file is shorter than a header (a crash at its making).
 * @throws LogError when it is not a segment, or one of a newer version.
 */
export async function openSegment(path: string): Promise<{ file: FileHandle; header: SegmentHeader } | null> {
  const file = await open(path, 'r');
  try {
    const header = await readSegmentHeader(file, path);
    if (header !== null) return { file, header };
  } catch (error) {
    await file.close();
    throw error;
  }
  await file.close();
  return null;
}

async function readSegmentHeader(file: FileHandle, path: string): Promise<SegmentHeader | null> {
  const bytes = Buffer.alloc(SEGMENT_HEADER_BYTES);
  const { bytesRead } = await file.read(bytes, 0, SEGMENT_HEADER_BYTES, 0);
  if (bytesRead < SEGMENT_HEADER_BYTES) return null;
  if (!bytes.subarray(0, 7).equals(MAGIC)) {
    throw new LogError('format_unknown', `${path} is not a segment of the log. Move it out of the log's folder.`);
  }
  const format = bytes[7]!;
  if (format > FORMAT) {
    throw new LogError(
      'format_newer',
      `${path} was written by a newer version of Orrery (format ${format}, this one reads up to ${FORMAT}): ` +
        'start that version, or choose another folder with --data-dir.',
    );
  }
  return { base: Number(bytes.readBigUInt64LE(8)), salt: bytes.readUInt32LE(16) };
}
