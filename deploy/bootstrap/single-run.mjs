import { mkdirSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const staleAfterMs = 15 * 60_000;

/**
 * Lets one process at a time do a thing; others wait. A lock left by a process that died is taken over.
 * @template T
 * @param {string} lockFolder a folder whose existence is the lock
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function singleRun(lockFolder, work) {
  mkdirSync(dirname(lockFolder), { recursive: true });
  for (;;) {
    try {
      mkdirSync(lockFolder);
      break;
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
    }
    const age = Date.now() - (statSync(lockFolder, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > staleAfterMs) rmSync(lockFolder, { recursive: true, force: true });
    else await delay(200);
  }
  try {
    return await work();
  } finally {
    rmSync(lockFolder, { recursive: true, force: true });
  }
}
