/**
 * What is written behind the source of a module that `Module._load` cannot see (inlined into a bundle, or ESM): a call that
 * hands over its exports when it has been evaluated. Without the agent it does nothing.
 */

/** The global function that marked modules call. */
export const MARKED_MODULES = Symbol.for('orrery.module');

/** Which module it is. */
export interface Mark {
  readonly name: string;
  readonly version: string;
  /** Directory of its package.json when it was marked; a bundle may run where there is none. */
  readonly directory: string;
  /** Path inside the package, with forward slashes. */
  readonly file: string;
  readonly isMain: boolean;
}

/** Called with the exports of a marked module; answers what is to be exported. */
export type OnMarked = (exports: unknown, mark: Mark) => unknown;

const GLOBAL = 'globalThis[Symbol.for("orrery.module")]';

/** CommonJS can be given other exports. */
export function markCommonJs(source: string, mark: Mark): string {
  const call = `o(e,${JSON.stringify(mark)})`;
  return `${source}\n;{const o=${GLOBAL},e=module.exports;if(o){const r=${call};if(r!==e)module.exports=r}}\n`;
}

/** A module imports itself to reach its own exports. */
export function markModule(source: string, mark: Mark): string {
  const self = `./${mark.file.slice(mark.file.lastIndexOf('/') + 1)}`;
  return `${source}\n;import * as orrery$self from ${JSON.stringify(self)};${GLOBAL}?.(orrery$self,${JSON.stringify(mark)});\n`;
}
