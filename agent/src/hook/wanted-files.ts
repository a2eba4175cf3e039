import { dirname, join, sep } from 'node:path';
import type { LoadedLibrary } from '../instrument/instrumentation.js';
import { folderInModules, libraryOf } from './loaded-library.js';

/** Called with what a watched file exports; answers what to export instead, or `undefined`. */
export type OnFile = (exports: unknown) => unknown;

/** Files inside of libraries that somebody wants to see when they are loaded. Empty until such a library is asked for. */
export class WantedFiles {
  private readonly files = new Map<string, OnFile>();
  /** Last parts of their paths, without an extension: most requests are told apart by them, without resolving anything. */
  private readonly names = new Set<string>();
  private readonly prepared = new Set<string>();

  /** Asks once for each copy of a library which of its files are wanted. `file` is any file of it. */
  prepare(file: string, name: string, filesOf: (library: LoadedLibrary) => ReadonlyMap<string, OnFile>): void {
    const copy = folderInModules(file, name) ?? dirname(file);
    if (this.prepared.has(copy)) return;
    this.prepared.add(copy);
    const library = libraryOf(file, name);
    if (library === undefined) return;
    for (const [path, onFile] of filesOf(library)) {
      this.files.set(join(library.directory, path), onFile);
      this.names.add(lastName(path));
      // `require('./client')` means `client/index.js`, too.
      if (lastName(path) === 'index') this.names.add(lastName(dirname(path)));
    }
  }

  /** False for nearly every relative request of a program. */
  mayBe(request: string): boolean {
    return this.names.size > 0 && this.names.has(lastName(request));
  }

  get(file: string): OnFile | undefined {
    return this.files.get(file);
  }
}

function lastName(path: string): string {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf(sep)) + 1);
  return name.endsWith('.js') ? name.slice(0, -3) : name;
}
