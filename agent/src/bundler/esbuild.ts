import { readFile } from 'node:fs/promises';
import { LIBRARY_FILE, LIBRARY_REQUEST, markFile } from './mark-file.js';

/** The parts of esbuild's plugin API that are used (esbuild docs, "Plugins"). */
interface ResolveArguments {
  readonly path: string;
  readonly importer: string;
  readonly namespace: string;
  readonly resolveDir: string;
  readonly kind: string;
  readonly pluginData: unknown;
}
interface ResolveResult {
  readonly path: string;
  readonly namespace: string;
  readonly external: boolean;
  readonly errors: readonly unknown[];
}
interface Build {
  resolve(path: string, options: object): Promise<ResolveResult>;
  onResolve(options: { filter: RegExp }, callback: (args: ResolveArguments) => Promise<object | undefined>): void;
  onLoad(options: { filter: RegExp }, callback: (args: { path: string }) => Promise<object | undefined>): void;
}

const ASKED_BY_US = Symbol('orrery');

/**
 * esbuild plugin: libraries that are inlined into a bundle hand themselves to the agent. Without the agent preloaded the
 * bundle behaves as without the plugin. Libraries that stay `external` need none.
 */
export function orrery(): { name: string; setup(build: Build): void } {
  return {
    name: 'orrery',
    setup: (build) => {
      const mains = new Set<string>();
      build.onResolve({ filter: LIBRARY_REQUEST }, async (args) => {
        if (args.pluginData === ASKED_BY_US) return undefined;
        const { importer, namespace, resolveDir, kind } = args;
        const found = await build.resolve(args.path, {
          importer,
          namespace,
          resolveDir,
          kind,
          pluginData: ASKED_BY_US,
        });
        if (found.errors.length > 0 || found.external || found.namespace !== 'file') return undefined;
        mains.add(found.path);
        // A library that only passes exports on could be left out otherwise, and the call with it.
        return { path: found.path, sideEffects: true };
      });
      build.onLoad({ filter: LIBRARY_FILE }, async ({ path }) => {
        const contents = markFile(path, await readFile(path, 'utf8'), mains.has(path));
        return contents === undefined ? undefined : { contents, loader: 'js' };
      });
    },
  };
}
