import { readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import type { LoadedLibrary } from '../instrument/instrumentation.js';

const DOT = '.'.charCodeAt(0);

/** Called with what the main file of a watched library exports; answers what to export instead, or `undefined`. */
export type OnLibrary = (exports: unknown, library: LoadedLibrary) => unknown;

interface LoadingModule {
  _load: (this: unknown, request: string, parent: unknown, isMain: boolean) => unknown;
  readonly _cache: Readonly<Record<string, { readonly loaded: boolean; readonly exports: unknown } | undefined>>;
  readonly _resolveFilename: (request: string, parent: unknown, isMain: boolean) => string;
}

/** Node's `Module` is untyped where loaders hook in; these two functions have been there since 0.x. */
const loader = Module as unknown as LoadingModule;

/**
 * Watches libraries being loaded, through `Module._load`: it sees `require` and, on every Node from 20 on, `import` of a
 * CommonJS package, which asks for it by file name. Each copy (file) is given to its watcher once.
 */
export function watchModules(watchers: ReadonlyMap<string, OnLibrary>): void {
  const original = loader._load;
  const replaced = new Map<string, unknown>();
  const seen = new Set<string>();

  const visit = (watcher: OnLibrary, file: string, name: string, exports: unknown): unknown => {
    if (replaced.has(file)) return replaced.get(file);
    if (seen.has(file)) return exports;
    seen.add(file);
    const library = libraryOf(file, name);
    if (library === undefined || !isMainFile(file, library)) return exports;
    const instead = watcher(exports, library);
    if (instead === undefined || instead === exports) return exports;
    replaced.set(file, instead);
    return instead;
  };

  loader._load = function (request, parent, isMain) {
    if (request.charCodeAt(0) === DOT) return original.call(this, request, parent, isMain);
    const name = watchers.has(request) ? request : libraryInPath(request);
    const watcher = name === undefined ? undefined : watchers.get(name);
    if (name === undefined || watcher === undefined) return original.call(this, request, parent, isMain);
    const exports = original.call(this, request, parent, isMain);
    const file = name === request ? resolved(request, parent) : request;
    // Half loaded (a cycle): it will be asked for again.
    if (file === undefined || loader._cache[file]?.loaded === false) return exports;
    return visit(watcher, file, name, exports);
  };
}

/** The package an absolute file belongs to, when it lies in a `node_modules` folder. */
function libraryInPath(request: string): string | undefined {
  const marker = `${sep}node_modules${sep}`;
  const at = request.lastIndexOf(marker);
  if (at === -1) return undefined;
  const [scopeOrName = '', name = ''] = request.slice(at + marker.length).split(sep);
  return scopeOrName.startsWith('@') ? `${scopeOrName}/${name}` : scopeOrName;
}

function resolved(request: string, parent: unknown): string | undefined {
  try {
    return loader._resolveFilename(request, parent, false);
  } catch {
    return undefined;
  }
}

function libraryOf(file: string, name: string): LoadedLibrary | undefined {
  let directory = dirname(file);
  for (;;) {
    const version = versionIn(directory, name);
    if (version !== undefined) {
      const from = directory;
      const loadedFile = (path: string): unknown => loader._cache[join(from, path)]?.exports;
      return { name, version, directory, require: createRequire(join(directory, 'package.json')), loadedFile };
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

/** A package's other files may be required by their path as well; they are not the library. */
function isMainFile(file: string, library: LoadedLibrary): boolean {
  try {
    return (
      createRequire(join(library.directory, 'package.json')).resolve(library.directory) === file ||
      selfResolves(file, library)
    );
  } catch {
    return selfResolves(file, library);
  }
}

/** With `exports` in package.json a package is found by its own name, from inside. */
function selfResolves(file: string, library: LoadedLibrary): boolean {
  try {
    return createRequire(join(library.directory, 'package.json')).resolve(library.name) === file;
  } catch {
    return false;
  }
}
