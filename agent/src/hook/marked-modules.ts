import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { LoadedLibrary } from '../instrument/instrumentation.js';
import { MARKED_MODULES, type Mark, type OnMarked } from './marked-module.js';
import type { LibraryWatcher } from './module-load.js';
import type { OnFile } from './wanted-files.js';

interface Copy {
  readonly library: LoadedLibrary;
  readonly wanted: ReadonlyMap<string, OnFile>;
  /** Exports of its files that were evaluated, by their path. */
  readonly files: Map<string, unknown>;
}

/** Takes what marked modules hand over to the watchers of their libraries. */
export function watchMarkedModules(watchers: ReadonlyMap<string, LibraryWatcher>): void {
  const copies = new Map<string, Copy>();
  const onMarked: OnMarked = (exports, mark) => {
    const watcher = watchers.get(mark.name);
    if (watcher === undefined) return exports;
    const key = `${mark.directory}@${mark.version}`;
    let copy = copies.get(key);
    if (copy === undefined) {
      copy = newCopy(mark, watcher);
      copies.set(key, copy);
    }
    const inside = copy.wanted.get(mark.file)?.(exports) ?? exports;
    copy.files.set(mark.file, inside);
    return (mark.isMain ? watcher.onMain?.(inside, copy.library) : undefined) ?? inside;
  };
  Object.defineProperty(globalThis, MARKED_MODULES, { value: onMarked, configurable: true });
}

function newCopy({ name, version, directory }: Mark, { filesOf }: LibraryWatcher): Copy {
  const files = new Map<string, unknown>();
  const library: LoadedLibrary = {
    name,
    version,
    directory,
    require: (path) => {
      const inside = path.replace(/^\.\//, '');
      return files.has(inside) ? files.get(inside) : createRequire(join(directory, 'package.json'))(path);
    },
  };
  return { library, wanted: filesOf?.(library) ?? new Map<string, OnFile>(), files };
}
