import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** Longest path of a socket that every system takes. */
const MAX_PATH_BYTES = 100;

/** Path of a process's socket in a data directory; elsewhere when the folder's own path is too long for a socket. */
export function localSocket(dataDir: string, name: string): string {
  const path = join(resolve(dataDir), `${name}.sock`);
  if (Buffer.byteLength(path) <= MAX_PATH_BYTES) return path;
  return join(tmpdir(), `orrery-${createHash('sha256').update(path).digest('hex').slice(0, 16)}.sock`);
}
