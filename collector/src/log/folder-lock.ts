import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';

/** Held by the one process that may write to a folder. */
export interface FolderLock {
  release(): void;
}

/**
 * Takes a folder for this process. The lock is SQLite's file lock, since Node has none of its own: the kernel gives it
 * back however the holder dies, so there is no stale lock to judge, in containers neither.
 * @param name of the lock's files in the folder
 * @param refusal what is thrown when another process has it; `holder` is ` (process 123)`, or empty
 */
export function takeFolderLock(
  directory: string,
  name: string,
  refusal: (holder: string, cause: unknown) => Error,
): FolderLock {
  const holderPath = join(directory, `${name}.pid`);
  const database = new DatabaseSync(join(directory, `${name}.db`));
  try {
    database.exec('PRAGMA busy_timeout = 0');
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    throw refusal(holder(holderPath), error);
  }
  writeFileSync(holderPath, String(process.pid));
  return { release: () => database.close() };
}

function holder(path: string): string {
  try {
    return ` (process ${Number(readFileSync(path, 'utf8'))})`;
  } catch {
    return '';
  }
}
