import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { LogError } from './log-error.js';

/** Held by the one process that writes to a log. */
export interface LogLock {
  release(): void;
}

/**
 * Takes the log for this process. The lock is SQLite's file lock, since Node has none of its own: the kernel gives it
 * back however the holder dies, so there is no stale lock to judge, in containers neither.
 * @throws LogError `log_locked` when another process has it.
 */
export function takeLogLock(directory: string): LogLock {
  const holderPath = join(directory, 'lock.pid');
  const database = new DatabaseSync(join(directory, 'lock.db'));
  try {
    database.exec('PRAGMA busy_timeout = 0');
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    throw new LogError(
      'log_locked',
      `The log in ${directory} is in use by another collector${holder(holderPath)}. ` +
        'Stop that one, or start this one with another data directory.',
      error,
    );
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
