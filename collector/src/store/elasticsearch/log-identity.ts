import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const FILE = 'log-id';

/**
 * The identity of a write-ahead log: made once, kept in the log's own folder, and part of every document id. A new log
 * (another collector, or this one after its disk was lost) counts positions from zero again; without an identity its
 * documents would meet those of the old log and be taken for replays of them.
 */
export async function logIdentity(logDirectory: string): Promise<string> {
  await mkdir(logDirectory, { recursive: true });
  const path = join(logDirectory, FILE);
  try {
    const file = await open(path, 'wx');
    try {
      await file.writeFile(randomBytes(6).toString('hex'));
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const id = (await readFile(path, 'utf8')).trim();
  if (!/^[0-9a-f]{12}$/.test(id)) {
    throw new Error(`${path} does not hold the log's identity (12 hex digits); restore it, or begin a new log.`);
  }
  return id;
}
