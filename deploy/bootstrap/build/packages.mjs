/**
 * What is built, from what, and where the result begins. A package that stands later may need an earlier one.
 * @typedef {{ name: string, sources: string[], result: string, needs: string[] }} BuiltPackage
 */

const everywhere = ['tsconfig.base.json', 'pnpm-lock.yaml'];
const contract = ['collector/src/api/contract'];

/** @param {string} name @param {string[]} more */
const sources = (name, more) => [
  ...everywhere,
  ...['src', 'build', 'package.json', 'tsconfig.json', 'build.mjs', 'vite.config.ts', 'index.html', 'public'].map(
    (path) => `${name}/${path}`,
  ),
  ...more,
];

/** @type {BuiltPackage[]} */
export const builtPackages = [
  { name: 'collector', sources: sources('collector', []), result: 'collector/dist/main.js', needs: [] },
  { name: 'agent', sources: sources('agent', []), result: 'agent/dist/register.cjs', needs: [] },
  {
    name: 'synthetic',
    sources: sources('synthetic', contract),
    result: 'synthetic/dist/cli.js',
    needs: ['collector'],
  },
  {
    name: 'dashboard',
    sources: sources('dashboard', contract),
    result: 'dashboard/dist/index.html',
    needs: ['collector'],
  },
];
