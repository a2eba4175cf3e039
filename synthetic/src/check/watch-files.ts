import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { findFiles } from './find-files.js';

/**
 * Calls `changed` when a file of ours under the paths comes, goes or changes. It compares contents every `everyMs`:
 * the same on every file system, mounts and editors that replace files included. For journeys, all other scripts
 * beside them are not watched; touching the journey loads them anew.
 */
export function watchFiles(
  paths: readonly string[],
  everyMs: number,
  changed: () => Promise<void>,
): { stop(): Promise<void> } {
  let before: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let looking = Promise.resolve();
  const look = async () => {
    const now = await fingerprint(paths).catch(() => before);
    if (before !== undefined && now !== before && !stopped) await changed();
    before = now;
  };
  const again = () => {
    looking = look().finally(() => {
      if (!stopped) timer = setTimeout(again, everyMs);
    });
  };
  again();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await looking;
    },
  };
}

async function fingerprint(paths: readonly string[]): Promise<string> {
  const { files } = await findFiles(paths);
  const hash = createHash('sha1');
  for (const file of files) hash.update(`${file}\0`).update(await readFile(file).catch(() => ''));
  return hash.digest('hex');
}
