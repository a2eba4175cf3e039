import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from './repository.mjs';

const ignored = new Set(['node_modules', 'dist', '.orrery', '.tools']);

/**
 * A hash of the names and contents of files and folders; tests do not count, since nothing is built from them.
 * @param {string[]} paths relative to the repository's root; what does not exist counts as empty
 */
export function fingerprint(paths) {
  const hash = createHash('sha256');
  for (const path of paths) add(join(root, path), hash);
  return hash.digest('hex');
}

/**
 * @param {string} path
 * @param {import('node:crypto').Hash} hash
 */
function add(path, hash) {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory()) {
    for (const name of readdirSync(path).sort()) {
      if (!ignored.has(name) && !/\.test\.tsx?$|\.tsbuildinfo$/.test(name)) add(join(path, name), hash);
    }
  } else if (found) {
    hash.update(relative(root, path)).update('\0').update(readFileSync(path)).update('\0');
  }
}

/**
 * Whether a stamp says that a thing was made from what is there now.
 * @param {string} stamp path of the stamp
 * @param {string} print
 */
export function isUpToDate(stamp, print) {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === print;
}

/**
 * @param {string} stamp
 * @param {string} print
 */
export function markUpToDate(stamp, print) {
  writeFileSync(stamp, print);
}
