import Module, { createRequire } from 'node:module';
import { isAbsolute, join, sep } from 'node:path';
import type { LoadedLibrary } from '../instrument/instrumentation.js';
import { libraryOf } from './loaded-library.js';
import { override } from './override.js';
import { type OnFile, WantedFiles } from './wanted-files.js';

const DOT = '.'.charCodeAt(0);
const AT = '@'.charCodeAt(0);

/** What somebody wants of a library. */
export interface LibraryWatcher {
  /** For a module of Node: called with its exports when it is loaded for the first time. */
  readonly onBuiltin?: (exports: unknown) => void;
  /** Called with what the main file exports, once for each copy. */
  readonly onMain?: (exports: unknown, library: LoadedLibrary) => unknown;
  /**
   * Called once for each copy when anything of it is first asked for, before that is loaded: which of its files are
   * wanted, by their path inside the package.
   */
  readonly filesOf?: (library: LoadedLibrary) => ReadonlyMap<string, OnFile>;
}

interface LoadingModule {
  _load: (this: unknown, request: string, parent: unknown, isMain: boolean) => unknown;
  readonly _cache: Readonly<Record<string, CachedModule | undefined>>;
  readonly _resolveFilename: (request: string, parent: unknown, isMain: boolean) => string;
}

interface CachedModule {
  readonly loaded: boolean;
  exports: unknown;
  _compile: (this: CachedModule, ...args: unknown[]) => unknown;
}

/** Node's `Module` is untyped where loaders hook in; these functions have been there since 0.x. */
const loader = Module as unknown as LoadingModule;

/**
 * Watches libraries being loaded, through `Module._load`: it sees `require` and, on every Node from 20 on, `import` of a
 * CommonJS package, which asks for it by file name. Each copy, and each wanted file of it, is given to its watcher once.
 */
export function watchModules(watchers: ReadonlyMap<string, LibraryWatcher>): void {
  const original = loader._load;
  const replaced = new Map<string, unknown>();
  const seen = new Set<string>();
  const seenBuiltins = new Set<unknown>();
  const wanted = new WantedFiles();

  const visit = (file: string, exports: unknown, look: (exports: unknown) => unknown): unknown => {
    if (replaced.has(file)) return replaced.get(file);
    if (seen.has(file)) return exports;
    seen.add(file);
    const instead = look(exports);
    if (instead === undefined || instead === exports) return exports;
    replaced.set(file, instead);
    return instead;
  };
  // Half loaded (a cycle): it will be asked for again.
  const isWhole = (file: string): boolean => loader._cache[file]?.loaded !== false;

  const visitBuiltin = (onBuiltin: (exports: unknown) => void, exports: unknown): unknown => {
    if (seenBuiltins.has(exports)) return exports;
    seenBuiltins.add(exports);
    onBuiltin(exports);
    return exports;
  };

  override(loader, {
    _load(request, parent, isMain) {
      if (request.charCodeAt(0) === DOT) {
        const file = wanted.mayBe(request) ? resolved(request, parent) : undefined;
        const exports = original.call(this, request, parent, isMain);
        const onFile = file === undefined ? undefined : wanted.get(file);
        return file === undefined || onFile === undefined || !isWhole(file) ? exports : visit(file, exports, onFile);
      }
      const name = packageOf(request);
      const watcher = name === undefined ? undefined : watchers.get(name);
      if (name === undefined || watcher === undefined) return original.call(this, request, parent, isMain);
      if (watcher.onBuiltin !== undefined)
        return visitBuiltin(watcher.onBuiltin, original.call(this, request, parent, isMain));
      // By its path it may be named as a folder.
      const file = resolved(request, parent);
      if (file === undefined) return original.call(this, request, parent, isMain);
      if (watcher.filesOf !== undefined) wanted.prepare(file, name, watcher.filesOf);
      const look = (found: unknown): unknown => {
        const inside = wanted.get(file)?.(found) ?? found;
        const library = watcher.onMain === undefined ? undefined : libraryOf(file, name);
        if (library === undefined || !isMainFile(file, library)) return inside;
        return watcher.onMain?.(inside, library) ?? inside;
      };
      const begun = loader._cache[file];
      if (begun?.loaded === false) onceCompiled(begun, (found) => visit(file, found, look));
      const exports = original.call(this, request, parent, isMain);
      return isWhole(file) ? visit(file, exports, look) : exports;
    },
  });
}

/**
 * `import` of a CommonJS file makes the module first, then asks for it, and takes what it exports when its code has run;
 * what `_load` answers later is not looked at. So what it exports is replaced right then.
 */
function onceCompiled(module: CachedModule, replace: (exports: unknown) => unknown): void {
  const compile = module._compile;
  Object.defineProperty(module, '_compile', {
    configurable: true,
    writable: true,
    value(this: CachedModule, ...args: unknown[]): unknown {
      Reflect.deleteProperty(this, '_compile');
      const result = compile.apply(this, args);
      this.exports = replace(this.exports);
      return result;
    },
  });
}

/** The package a request means: by its name, a path below it, or an absolute file inside a `node_modules` folder. */
function packageOf(request: string): string | undefined {
  if (isAbsolute(request)) return libraryInPath(request);
  const slash = request.indexOf('/');
  if (slash === -1) return request;
  if (request.charCodeAt(0) !== AT) return request.slice(0, slash);
  const second = request.indexOf('/', slash + 1);
  return second === -1 ? request : request.slice(0, second);
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
