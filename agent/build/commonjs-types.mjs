import { cpSync, writeFileSync } from 'node:fs';

/** Folders of `src` whose declarations applications import. */
const IMPORTED = ['saga', 'resilience', 'carried-context', 'bundler'];

/**
 * The declarations a second time, as those of CommonJS: with `module: node16` TypeScript lets a CommonJS file import nothing
 * that it takes for an ES module, and what is below a package.json of type "module" is one.
 */
export function commonjsTypes(outdir) {
  const folder = `${outdir}/types/cjs`;
  for (const name of IMPORTED) {
    cpSync(`${outdir}/types/${name}`, `${folder}/${name}`, {
      recursive: true,
      filter: (path) => !path.endsWith('.map'),
    });
  }
  writeFileSync(`${folder}/package.json`, '{ "type": "commonjs" }\n');
}
