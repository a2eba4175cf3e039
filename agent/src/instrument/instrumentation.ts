import type { Agent } from '../engine/engine.js';

/**
 * How one library becomes observable. The file is named after the library; `instrument/table.ts` has a row for each.
 * Both functions run inside the application: they must not throw on odd input (the caller guards them, once),
 * must not load anything heavy, and must leave every behaviour of the library as it was.
 */
export interface Instrumentation {
  /** The module specifier an application writes, e.g. `express`. */
  readonly library: string;
  /** Supported releases `[min, below)`, compared by `major.minor.patch`; absent for built-ins. */
  readonly versions?: readonly [min: string, below: string];
  /** Its ES modules are files of their own, which `patch` can work on just as well. */
  readonly esModule?: true;
  /** Called once when the agent starts: built-in modules and diagnostics channels. */
  readonly start?: (agent: Agent) => void;
  /**
   * For a module of Node that is not worth loading at start: called with its exports when the application loads it.
   * Node below 22.15 does not tell when only ES modules import it.
   */
  readonly builtin?: (exports: unknown, agent: Agent) => void;
  /**
   * Called once for each loaded copy of the library with what its main file exports, before the application sees it.
   * Works for `require`, for `import`, and inside bundles that were made with the agent's plugin; the exports of an ES
   * module cannot be replaced. Returns the exports to use instead, or `undefined` to
   * keep them (preferred: patch prototypes in place).
   */
  readonly patch?: (exports: unknown, agent: Agent, library: LoadedLibrary) => unknown;
  /**
   * Called once for each copy of the library before any of it is loaded: what is to be done with the exports of single
   * files, by their path inside the package (`lib/connect.js`), when they are loaded and before anybody else sees them.
   */
  readonly files?: (agent: Agent, library: LoadedLibrary) => ReadonlyMap<string, (exports: unknown) => unknown>;
}

/** One copy of a library on disk; an application can load several. */
export interface LoadedLibrary {
  readonly name: string;
  readonly version: string;
  /** Directory of its `package.json`. */
  readonly directory: string;
  /** Requires a file of this copy by its path inside the package, e.g. `lib/layer.js`. */
  readonly require: (path: string) => unknown;
}
