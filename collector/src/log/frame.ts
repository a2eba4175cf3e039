import { crc32 } from 'node:zlib';
import type { BodyEncoding, Signal } from './log-record.js';
import type { AppendRequest } from './log-writer.js';
import { recoverSalt } from './recover-salt.js';

/**
 * A frame: magic (u32), checksum of the rest of the header (u32), length of tenant and body (u32), their checksum (u32),
 * receive time (u64), signal (u8), encoding (u8), length of the tenant (u16), reserved (u32), hash (16 bytes),
 * then tenant and body. All little-endian.
 */
export const FRAME_HEADER_BYTES = 48;
export const HASH_BYTES = 16;

const MAGIC = 0x5246_524f;
const MAGIC_BYTES = Buffer.from('ORFR', 'latin1');

export interface FrameHeader {
  signal: Signal;
  encoding: BodyEncoding;
  receivedNano: bigint;
  tenantLength: number;
  payloadLength: number;
  payloadChecksum: number;
  hash: Buffer;
}

/** The pieces to write for one request, in order. */
export function encodeFrame(request: AppendRequest, hash: Uint8Array, salt: number): Uint8Array[] {
  const tenant = Buffer.from(request.tenant, 'utf8');
  const { body } = request;
  const header = Buffer.alloc(FRAME_HEADER_BYTES);
  header.writeUInt32LE(MAGIC, 0);
  header.writeUInt32LE(tenant.length + body.length, 8);
  header.writeUInt32LE(crc32(body, crc32(tenant, salt)), 12);
  header.writeBigUInt64LE(request.receivedNano, 16);
  header[24] = request.signal;
  header[25] = request.encoding;
  header.writeUInt16LE(tenant.length, 26);
  header.set(hash, 32);
  header.writeUInt32LE(crc32(header.subarray(8), salt), 4);
  return tenant.length === 0 ? [header, body] : [header, tenant, body];
}

/** Reads the header at `offset`; null when there is none that its checksum vouches for. */
export function readFrameHeader(bytes: Buffer, offset: number, salt: number): FrameHeader | null {
  if (bytes.length - offset < FRAME_HEADER_BYTES) return null;
  if (bytes.readUInt32LE(offset) !== MAGIC) return null;
  if (crc32(bytes.subarray(offset + 8, offset + FRAME_HEADER_BYTES), salt) !== bytes.readUInt32LE(offset + 4))
    return null;
  const hashAt = offset + FRAME_HEADER_BYTES - HASH_BYTES;
  return {
    payloadLength: bytes.readUInt32LE(offset + 8),
    payloadChecksum: bytes.readUInt32LE(offset + 12),
    receivedNano: bytes.readBigUInt64LE(offset + 16),
    signal: bytes[offset + 24] as Signal,
    encoding: bytes[offset + 25] as BodyEncoding,
    tenantLength: bytes.readUInt16LE(offset + 26),
    hash: bytes.subarray(hashAt, hashAt + HASH_BYTES),
  };
}

/** The salt that makes the header at the beginning of `bytes` a whole one; null when there is no header. */
export function saltOfFrame(bytes: Buffer): number | null {
  if (bytes.readUInt32LE(0) !== MAGIC) return null;
  return recoverSalt(bytes.subarray(8, FRAME_HEADER_BYTES), bytes.readUInt32LE(4));
}

export function payloadIsWhole(header: FrameHeader, payload: Uint8Array, salt: number): boolean {
  return crc32(payload, salt) === header.payloadChecksum;
}

/** Offset of the next place that begins like a frame, from `from` on; -1 when there is none. */
export function findFrameStart(bytes: Buffer, from: number): number {
  return bytes.indexOf(MAGIC_BYTES, from);
}
