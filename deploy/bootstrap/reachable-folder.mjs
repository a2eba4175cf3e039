import { createHash } from 'node:crypto';
import { chmodSync, existsSync, lchownSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** `nobody`: whom root hands a server to that refuses to run as root. */
export const unprivileged = { uid: 65534, gid: 65534 };

/** The identity to start such a server under; nothing when this process is not root. */
export function serverIdentity() {
  return process.getuid?.() === 0 ? unprivileged : {};
}

/** @param {string} folder */
function isReachableByOthers(folder) {
  for (let path = resolve(folder); ; path = dirname(path)) {
    if (existsSync(path) && (statSync(path).mode & 0o001) === 0) return false;
    if (dirname(path) === path) return true;
  }
}

/**
 * The folder itself when an unprivileged server could reach it, else one of the same purpose that it can:
 * every parent must be traversable, which `/root` and many home directories are not.
 * @param {string} preferred
 */
export function reachableFolder(preferred) {
  if (process.getuid?.() !== 0 || isReachableByOthers(preferred)) return resolve(preferred);
  const name = createHash('sha256').update(resolve(preferred)).digest('hex').slice(0, 12);
  const base = join('/var/tmp', `orrery-${name}`);
  mkdirSync(base, { recursive: true });
  chmodSync(base, 0o755);
  return base;
}

/**
 * Gives a folder and everything in it to the unprivileged identity; does nothing when this process is not root.
 * @param {string} folder
 */
export function handOver(folder) {
  if (process.getuid?.() !== 0) return;
  lchownSync(folder, unprivileged.uid, unprivileged.gid);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) handOver(path);
    else lchownSync(path, unprivileged.uid, unprivileged.gid);
  }
}
