import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { syncDirectory } from './segment-store.js';

const FILE = 'log-id';
/** The same with a checksum, so that damage to either is seen and mended from the other. */
const COPY = 'log-id.copy';

/**
 * The identity of a write-ahead log: made once, by whoever comes first, and kept in the log's own folder. A new log
 * (another collector, or this one after its folder was lost) counts positions from zero again: a cursor and ids made of
 * positions mean something only together with it. To lose it would be to store again what the log still holds.
 */
export async function logIdentity(
  logDirectory: string,
  warn: (line: string) => void = () => undefined,
): Promise<string> {
  await mkdir(logDirectory, { recursive: true });
  const first = await read(join(logDirectory, FILE));
  const copy = withoutChecksum(await read(join(logDirectory, COPY)));
  if (copy !== null) {
    if (first === copy) return copy;
    // The copy is written after the first: there was one.
    warn(`${join(logDirectory, FILE)} was lost or damaged, and is mended from its copy.`);
    await write(logDirectory, FILE, copy, rename);
    return copy;
  }
  if (first !== null && !isIdentity(first)) {
    throw new Error(
      `${join(logDirectory, FILE)} does not hold the log's identity (12 hex digits), nor does its copy; restore it, or begin a new log.`,
    );
  }
  if (first === null) {
    // Whole or not there at all; of two who make one, the first wins.
    await write(logDirectory, FILE, randomBytes(6).toString('hex'), linkOnce);
  }
  const identity = first ?? ((await read(join(logDirectory, FILE))) as string);
  await write(logDirectory, COPY, `${identity} ${checksum(identity)}\n`, rename);
  return identity;
}

const isIdentity = (text: string): boolean => /^[0-9a-f]{12}$/.test(text);
const checksum = (text: string): string => crc32(text).toString(16).padStart(8, '0');

function withoutChecksum(text: string | null): string | null {
  const [identity = '', check] = text?.split(' ') ?? [];
  return isIdentity(identity) && check === checksum(identity) ? identity : null;
}

async function read(path: string): Promise<string | null> {
  try {
    return (await readFile(path, 'latin1')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

async function write(
  directory: string,
  name: string,
  text: string,
  place: (made: string, path: string) => Promise<void>,
): Promise<void> {
  const path = join(directory, name);
  const made = `${path}.${process.pid}`;
  const file = await open(made, 'w');
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await place(made, path);
  await syncDirectory(directory);
}

async function linkOnce(made: string, path: string): Promise<void> {
  await link(made, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await unlink(made);
}
