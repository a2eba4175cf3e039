import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { kindOfFile } from './load-files.js';

/** A path that was asked for and is not there, or holds nothing of ours. */
export interface MissingPath {
  readonly path: string;
  readonly message: string;
}

/** Every check, journey and expectation under the given files and folders, sorted; `node_modules` is left out. */
export async function findFiles(paths: readonly string[]): Promise<{ files: string[]; missing: MissingPath[] }> {
  const files = new Set<string>();
  const missing: MissingPath[] = [];
  for (const path of paths) {
    try {
      if ((await stat(path)).isDirectory()) await collect(path, files);
      else if (kindOfFile(path)) files.add(path);
      else missing.push({ path, message: 'is not a *.check.yaml, *.journey.ts or *.expectation.yaml.' });
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      missing.push({
        path,
        message: code === 'ENOENT' ? 'is not there.' : `cannot be read: ${(error as Error).message}.`,
      });
    }
  }
  return { files: [...files].sort(), missing };
}

async function collect(folder: string, files: Set<string>): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.name === 'node_modules' || entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await collect(path, files);
    else if (kindOfFile(entry.name)) files.add(path);
  }
}
