import { join } from 'node:path';
import { LIBRARY_FILE, LIBRARY_REQUEST } from './mark-file.js';

/** The parts of webpack 5 that are used (webpack docs, "NormalModuleFactory Hooks"). */
interface LoaderItem {
  loader: string;
  options: { isMain: boolean };
  ident: null;
  type: null;
}
interface ResolveData {
  readonly request: string;
  readonly createData: { readonly resource?: string; loaders?: LoaderItem[] };
}
interface MadeModule {
  factoryMeta?: { sideEffectFree?: boolean };
  readonly loaders?: readonly { readonly loader: string; readonly options?: unknown }[];
}
interface Tap<Args extends unknown[], Result> {
  tap(options: { name: string; stage?: number }, callback: (...args: Args) => Result): void;
}
interface Factory {
  readonly hooks: {
    readonly afterResolve: Tap<[data: ResolveData], undefined>;
    readonly module: Tap<[module: MadeModule], MadeModule>;
  };
}
interface Compiler {
  readonly hooks: { readonly normalModuleFactory: Tap<[factory: Factory], void> };
}

/** After webpack's own plugins. */
const LATE = 1000;

/**
 * webpack 5 plugin: libraries that are inlined into a bundle hand themselves to the agent. Without the agent preloaded the
 * bundle behaves as without the plugin. Libraries among the `externals` need none.
 */
export class OrreryWebpackPlugin {
  apply(compiler: Compiler): void {
    const name = 'orrery';
    const loader = join(__dirname, 'webpack-loader.cjs');
    compiler.hooks.normalModuleFactory.tap({ name }, (factory) => {
      factory.hooks.afterResolve.tap({ name }, ({ request, createData }) => {
        if (createData.resource === undefined || !LIBRARY_FILE.test(createData.resource)) return undefined;
        const isMain = LIBRARY_REQUEST.test(request);
        createData.loaders = [...(createData.loaders ?? []), { loader, options: { isMain }, ident: null, type: null }];
        return undefined;
      });
      // A library that only passes exports on could be left out otherwise, and the call with it.
      factory.hooks.module.tap({ name, stage: LATE }, (made) => {
        if (made.factoryMeta !== undefined && made.loaders?.some((item) => item.loader === loader)) {
          made.factoryMeta = { ...made.factoryMeta, sideEffectFree: false };
        }
        return made;
      });
    });
  }
}
