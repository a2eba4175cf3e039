import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { LoadedLibrary } from '../instrument/instrumentation.js';

/** The copy of the package `name` that a file of it belongs to; `undefined` when there is no such package.json above it. */
export function libraryOf(file: string, name: string): LoadedLibrary | undefined {
  let directory = dirname(file);
  for (;;) {
    const version = versionIn(directory, name);
    if (version !== undefined) {
      return { name, version, directory, require: createRequire(join(directory, 'package.json')) };
    }
    const parent = dirname(directory);
    if (parent === directory) return undefined;
    directory = parent;
  }
}

function versionIn(directory: string, name: string): string | undefined {
  try {
    const found = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as {
      name?: string;
      version?: string;
    };
    return found.name === name ? found.version : undefined;
  } catch {
    return undefined;
  }
}
