import { randomBytes } from 'node:crypto';
import { type FileHandle, open, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { FRAME_HEADER_BYTES, payloadIsWhole, readFrameHeader, saltOfFrame } from './frame.js';
import { LogError } from './log-error.js';

/** Version of the log: of its segments' headers and frames, and of the files beside them. Raise it with any change; older ones stay readable. */
export const LOG_FORMAT = 1;
const MAGIC = Buffer.from('ORRYLOG', 'latin1');
const SUFFIX = '.segment';
/** They hold every position, so that names sort like positions. */
const BASE_DIGITS = 16;

const CHECKSUM_AT = 20;
/** `ORRYLOG`, format (1 byte), position of the first frame (u64 LE), salt (u32 LE), checksum of all that (u32 LE). */
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
  header[7] = LOG_FORMAT;
  header.writeBigUInt64LE(BigInt(base), 8);
  header.writeUInt32LE(salt, 16);
  header.writeUInt32LE(crc32(header.subarray(0, CHECKSUM_AT)), CHECKSUM_AT);
  return header;
}

export function newSalt(): number {
  return randomBytes(4).readUInt32LE();
}

export function segmentPath(directory: string, base: number): string {
  return join(directory, `${String(base).padStart(BASE_DIGITS, '0')}${SUFFIX}`);
}

/** The segments of a log, oldest first. */
export async function listSegments(directory: string): Promise<SegmentFile[]> {
  const names = await readdir(directory);
  return names
    .filter((name) => /^\d{16}\.segment$/.test(name))
    .sort()
    .map((name) => ({ base: baseOf(name), path: join(directory, name) }));
}

function baseOf(name: string): number {
  return Number(name.slice(0, BASE_DIGITS));
}

/**
 * Opens a segment for reading; null when its header can not be read or learnt, as after a crash at its making.
 * @throws LogError when it is one of a newer version.
 */
export async function openSegment(path: string): Promise<{ file: FileHandle; header: SegmentHeader } | null> {
  const file = await open(path, 'r');
  try {
    const header = (await readSegmentHeader(file, path)) ?? (await learnSegmentHeader(file, path));
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
  if (bytesRead < SEGMENT_HEADER_BYTES || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) return null;
  const format = bytes[7]!;
  const checksum = bytes.readUInt32LE(CHECKSUM_AT);
  // The first logs had no checksum here.
  const isWhole = checksum === 0 ? format === 1 : checksum === crc32(bytes.subarray(0, CHECKSUM_AT));
  if (!isWhole) return null;
  if (format > LOG_FORMAT) {
    throw new LogError(
      'format_newer',
      `${path} was written by a newer version of Orrery (format ${format}, this one reads up to ${LOG_FORMAT}): ` +
        'start that version, or choose another folder with --data-dir.',
    );
  }
  return { base: Number(bytes.readBigUInt64LE(8)), salt: bytes.readUInt32LE(16) };
}

/** A damaged header loses nothing as long as the first frame is whole: its checksums tell the salt. */
async function learnSegmentHeader(file: FileHandle, path: string): Promise<SegmentHeader | null> {
  const bytes = Buffer.alloc(FRAME_HEADER_BYTES);
  const { bytesRead } = await file.read(bytes, 0, FRAME_HEADER_BYTES, SEGMENT_HEADER_BYTES);
  const salt = bytesRead < FRAME_HEADER_BYTES ? null : saltOfFrame(bytes);
  const header = salt === null ? null : readFrameHeader(bytes, 0, salt);
  if (salt === null || header === null) return null;
  const { size } = await file.stat();
  if (header.payloadLength > size) return null;
  const payload = Buffer.alloc(header.payloadLength);
  await file.read(payload, 0, payload.length, SEGMENT_HEADER_BYTES + FRAME_HEADER_BYTES);
  return payloadIsWhole(header, payload, salt) ? { base: baseOf(basename(path)), salt } : null;
}
