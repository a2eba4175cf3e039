import Module from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { hasEsLibrary, isEsProgram } from './es-libraries.js';
import { libraryOf } from './loaded-library.js';
import { markModule } from './marked-module.js';

/** Node's customization hooks as far as they are used (docs "module: customization hooks"). */
interface Resolved {
  readonly url: string;
  readonly format?: string | null;
}
interface Loaded {
  readonly format?: string | null;
  readonly source?: unknown;
}
type Next<Result> = (subject: string, context?: unknown) => Result;
interface Hooks {
  readonly resolve?: (specifier: string, context: unknown, next: Next<Resolved>) => Resolved;
  readonly load?: (url: string, context: unknown, next: Next<Loaded>) => Loaded;
}
interface Customizable {
  /** From Node 22.15 and 23.5 on. */
  readonly registerHooks?: (hooks: Hooks) => unknown;
  readonly register: (specifier: string, options: { data: unknown }) => unknown;
}

/** What is asked of a program before anything is hooked, and how. */
export interface EsModulesOptions {
  /** Libraries, and modules of Node, that are watched. */
  readonly names: ReadonlySet<string>;
  /** Those of them that are worth a thread where hooks cost one. */
  readonly worthThread: readonly string[];
  /** File of the hooks' program for older Nodes. */
  readonly loader: string;
  /** Loads a watched module of Node the way that `watchModules` sees. */
  readonly loadBuiltin: (name: string) => void;
}

/**
 * Sees watched libraries that are ES modules, whose exports no `require` passes by; only in a program (`script` is its main
 * file) that is written in ES modules itself, since every `require` of it pays for hooks, too. From Node 22.15 on they
 * run in this thread: one look-up for each module, and sources are read by us only for such a library.
 */
export function watchEsModules(script: string | undefined, options: EsModulesOptions): void {
  if (script === undefined || !isEsProgram(script)) return;
  const { names, worthThread, loader, loadBuiltin } = options;
  const node = Module as unknown as Customizable;
  if (node.registerHooks === undefined) {
    if (hasEsLibrary(script, worthThread)) node.register(pathToFileURL(loader).href, { data: { names: [...names] } });
    return;
  }
  const marked = new Map<string, string>();
  const builtins = new Set<string>();
  let loads = false;
  node.registerHooks({
    resolve: (specifier, context, next) => {
      const resolved = next(specifier, context);
      if (!names.has(specifier)) return resolved;
      // Before anybody has it: what is patched now is what a module imports.
      if (resolved.url.startsWith('node:')) {
        // Loading it comes by here again.
        if (!builtins.has(specifier)) {
          builtins.add(specifier);
          loadBuiltin(specifier);
        }
      } else if (resolved.format === 'module') {
        marked.set(resolved.url, specifier);
        if (!loads) {
          loads = true;
          node.registerHooks?.({ load: (url, its, load) => markLoaded(load(url, its), url, marked.get(url)) });
        }
      }
      return resolved;
    },
  });
}

/** The source of a watched library's main file with its call behind it; anything else as it is. */
export function markLoaded(loaded: Loaded, url: string, name: string | undefined): Loaded {
  if (name === undefined || loaded.format !== 'module') return loaded;
  const file = fileURLToPath(url);
  const library = libraryOf(file, name);
  const source = textOf(loaded.source);
  if (library === undefined || source === undefined) return loaded;
  const { version, directory } = library;
  const inside = file.slice(directory.length + 1).replaceAll('\\', '/');
  return { ...loaded, source: markModule(source, { name, version, directory, file: inside, isMain: true }) };
}

function textOf(source: unknown): string | undefined {
  if (typeof source === 'string') return source;
  return source instanceof Uint8Array || source instanceof ArrayBuffer
    ? Buffer.from(source as Uint8Array).toString('utf8')
    : undefined;
}
