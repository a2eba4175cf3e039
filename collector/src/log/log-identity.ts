import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { syncDirectory } from './segment-store.js';

const FILE = 'log-id';

/**
 * The identity of a write-ahead log: made once, by whoever comes first, and kept in the log's own folder. A new log
 * (another collector, or this one after its folder was lost) counts positions from zero again: a cursor and ids made of
 * positions mean something only together with it.
 */
export async function logIdentity(logDirectory: string): Promise<string> {
  await mkdir(logDirectory, { recursive: true });
  const path = join(logDirectory, FILE);
  const known = await read(path);
  if (known !== null) return known;
  const made = `${path}.${process.pid}`;
  const file = await open(made, 'w');
  try {
    await file.writeFile(randomBytes(6).toString('hex'));
    await file.sync();
  } finally {
    await file.close();
  }
  // Whole or not there at all; of two who make one, the first wins.
  await link(made, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await unlink(made);
  await syncDirectory(logDirectory);
  return (await read(path)) as string;
}

async function read(path: string): Promise<string | null> {
  let id: string;
  try {
    id = (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  if (!/^[0-9a-f]{12}$/.test(id)) {
    throw new Error(`${path} does not hold the log's identity (12 hex digits); restore it, or begin a new log.`);
  }
  return id;
}
