import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import type { LoadedLibrary } from '../instrument/instrumentation.js';

/** The copy of the package `name` that a file of it belongs to; `undefined` when there is no such package.json above it. */
export function libraryOf(file: string, name: string): LoadedLibrary | undefined {
  // A package can have another package.json of its name further down.
  const folder = folderInModules(file, name);
  for (let directory = folder ?? dirname(file); ; directory = dirname(directory)) {
    const version = versionIn(directory, name);
    if (version !== undefined) {
      return { name, version, directory, require: createRequire(join(directory, 'package.json')) };
    }
    if (dirname(directory) === directory) return undefined;
  }
}

/** Folder of the package behind the last `node_modules` of a file's path; `undefined` when it lies somewhere else. */
export function folderInModules(file: string, name: string): string | undefined {
  const inside = `${sep}node_modules${sep}${name.replaceAll('/', sep)}${sep}`;
  const at = file.lastIndexOf(inside);
  return at === -1 ? undefined : file.slice(0, at + inside.length - 1);
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
