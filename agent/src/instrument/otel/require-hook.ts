type OnRequire = (exports: unknown, name: string, directory: string) => unknown;

const listeners: OnRequire[] = [];

/**
 * Stands where the instrumentations' shared code expects `require-in-the-middle`: it keeps what they would do with a file
 * and hooks nothing, because the agent has a hook already that also sees what ESM imports.
 */
export class Hook {
  constructor(_modules: unknown, _options: unknown, onRequire: OnRequire) {
    listeners.push(onRequire);
  }
}

/**
 * Gives a file's exports to the instrumentations that declared it; answers what to export.
 * @param name as `require-in-the-middle` writes it: the package, or `package/path/inside.js`
 * @param directory of the package.json
 */
export function offer(exports: unknown, name: string, directory: string): unknown {
  let current = exports;
  for (const listener of listeners) current = listener(current, name, directory);
  return current;
}
