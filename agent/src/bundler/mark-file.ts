import { libraryOf } from '../hook/loaded-library.js';
import { type Mark, markCommonJs, markModule } from '../hook/marked-module.js';
import { KNOWN_LIBRARIES } from './known-libraries.js';

const NAMES = KNOWN_LIBRARIES.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('/', '[\\\\/]'));

/** A request for a known library itself. */
export const LIBRARY_REQUEST = new RegExp(`^(?:${NAMES.join('|')})$`);
/** A file of a known library, or of what one has installed below it. Without look-ahead: esbuild reads it in Go. */
export const LIBRARY_FILE = new RegExp(`[\\\\/]node_modules[\\\\/](?:${NAMES.join('|')})[\\\\/].*\\.[cm]?js$`);

const PACKAGE = /.*[\\/]node_modules[\\/](@[^\\/]+[\\/][^\\/]+|[^\\/]+)[\\/]/;

/** The source of a library's file with the call behind it; `undefined` where there is nothing to see. */
export function markFile(path: string, source: string, isMain: boolean): string | undefined {
  const name = PACKAGE.exec(path)?.[1]?.replaceAll('\\', '/');
  const library = name !== undefined && KNOWN_LIBRARIES.includes(name) ? libraryOf(path, name) : undefined;
  if (library === undefined) return undefined;
  const { version, directory } = library;
  const file = path.slice(directory.length + 1).replaceAll('\\', '/');
  const mark: Mark = { name: library.name, version, directory, file, isMain };
  if (!isEsModule(path, source)) return markCommonJs(source, mark);
  // Of an ES module nothing can be replaced, so only the exports of the whole library matter.
  return isMain ? markModule(source, mark) : undefined;
}

/** Bundlers look at the syntax as well: what `module` of a package.json names is rarely called `.mjs`. */
function isEsModule(path: string, source: string): boolean {
  if (path.endsWith('.mjs')) return true;
  return !path.endsWith('.cjs') && /^\s*(?:import[\s{*'"]|export[\s{*])/m.test(source);
}
