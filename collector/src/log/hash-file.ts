import { open, readdir, readFile, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { HASH_BYTES } from './frame.js';

const ENTRY_BYTES = HASH_BYTES + 8;
const CHECKSUM_BYTES = 4;

/** A request that was acknowledged: what is left of it for recognising a second copy. */
export interface HashEntry {
  hash: Uint8Array;
  receivedNano: bigint;
}

/** Keeps the hashes of a segment that is about to go although its requests may still be sent again. */
export async function writeHashFile(directory: string, base: number, entries: HashEntry[]): Promise<void> {
  const bytes = Buffer.alloc(entries.length * ENTRY_BYTES + CHECKSUM_BYTES);
  entries.forEach((entry, i) => {
    bytes.set(entry.hash, i * ENTRY_BYTES);
    bytes.writeBigUInt64LE(entry.receivedNano, i * ENTRY_BYTES + HASH_BYTES);
  });
  bytes.writeUInt32LE(crc32(bytes.subarray(0, -4)), bytes.length - 4);
  const path = join(directory, `${String(base).padStart(16, '0')}.hashes`);
  const file = await open(`${path}.new`, 'w');
  try {
    await file.writeFile(bytes);
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
}

/**
 * Entries of all hash files; files with nothing newer than `oldestNano` are removed. Of a damaged file everything is taken
 * that may be an entry: one that is none recognises nothing.
 * @param warn told of damage, in a line
 */
export async function readHashFiles(
  directory: string,
  oldestNano: bigint,
  warn: (line: string) => void,
): Promise<HashEntry[]> {
  const entries: HashEntry[] = [];
  const names = (await readdir(directory)).filter((name) => name.endsWith('.hashes') || name.endsWith('.hashes.new'));
  for (const name of names) {
    const path = join(directory, name);
    if (name.endsWith('.new')) {
      await unlink(path);
      continue;
    }
    const { found, isWhole } = parse(await readFile(path));
    if (!isWhole)
      warn(`${path} is damaged: some bodies of the last minutes may not be recognised when they are sent again.`);
    const recent = found.filter(({ receivedNano }) => receivedNano >= oldestNano);
    if (recent.length === 0) await unlink(path);
    entries.push(...recent);
  }
  return entries;
}

function parse(bytes: Buffer): { found: HashEntry[]; isWhole: boolean } {
  const length = bytes.length - CHECKSUM_BYTES;
  const isWhole =
    length >= 0 && length % ENTRY_BYTES === 0 && crc32(bytes.subarray(0, length)) === bytes.readUInt32LE(length);
  const found: HashEntry[] = [];
  for (let at = 0; at + ENTRY_BYTES <= (isWhole ? length : bytes.length); at += ENTRY_BYTES) {
    found.push({
      hash: bytes.subarray(at, at + HASH_BYTES),
      receivedNano: bytes.readBigUInt64LE(at + HASH_BYTES),
    });
  }
  return { found, isWhole };
}
