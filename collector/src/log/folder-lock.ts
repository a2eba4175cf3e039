import { accessSync, constants, existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';

/** SQLITE_NOTADB. */
const NOT_A_DATABASE = 26;

/** Held by the one process that may write to a folder. */
export interface FolderLock {
  release(): void;
}

/**
 * Takes a folder for this process. The lock is SQLite's file lock, since Node has none of its own: the kernel gives it
 * back however the holder dies, so there is no stale lock to judge, in containers neither.
 * @param name of the lock's files in the folder
 * @param refusal what is thrown when another process has it; `holder` is ` (process 123)`, or empty
 * @throws the system's error, with the path, when this user may not write there
 */
export function takeFolderLock(
  directory: string,
  name: string,
  refusal: (holder: string, cause: unknown) => Error,
): FolderLock {
  const holderPath = join(directory, `${name}.pid`);
  const path = join(directory, `${name}.db`);
  // SQLite would not say which file it may not open, or that of another user would look like a lock that is held.
  for (const needed of [directory, path, holderPath])
    if (existsSync(needed)) accessSync(needed, constants.R_OK | constants.W_OK);
  const database = openExclusively(path, (cause) => refusal(holder(holderPath), cause));
  writeFileSync(holderPath, String(process.pid));
  return { release: () => database.close() };
}

function openExclusively(path: string, refusal: (cause: unknown) => Error): InstanceType<typeof DatabaseSync> {
  const database = new DatabaseSync(path);
  try {
    database.exec('PRAGMA busy_timeout = 0');
    database.exec('BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode !== NOT_A_DATABASE) throw refusal(error);
  }
  // Damage: there never is anything in it. It is emptied, not made anew, so that the lock of a holder is still one.
  truncateSync(path);
  return openExclusively(path, refusal);
}

function holder(path: string): string {
  try {
    const text = readFileSync(path, 'utf8');
    return /^\d+$/.test(text) ? ` (process ${text})` : '';
  } catch {
    return '';
  }
}
