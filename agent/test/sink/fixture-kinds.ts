import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const FIXTURES = fileURLToPath(new URL('../fixtures/', import.meta.url));
/** Inside `node_modules`, so that what is written there finds the same packages. */
const WRITTEN = fileURLToPath(new URL('../../node_modules/.cache/orrery-fixtures/', import.meta.url));
const load = createRequire(import.meta.url);

/** One fixture as an ES module and as CommonJS, `library` replaced by `instead` where another version is tried. */
export async function bothKinds(fixture: string, instead: Readonly<Record<string, string>> = {}): Promise<string[]> {
  const name = basename(fixture).replace('.mjs', '');
  const variant = Object.values(instead).join('-') || 'default';
  return Promise.all(
    (['esm', 'cjs'] as const).map(async (format) => {
      const outfile = `${WRITTEN}${name}.${variant}.${format === 'esm' ? 'mjs' : 'cjs'}`;
      await build({
        entryPoints: [`${FIXTURES}${fixture}`],
        outfile,
        format,
        bundle: true,
        platform: 'node',
        packages: 'external',
        logLevel: 'error',
        plugins: [
          {
            name: 'versions',
            setup: ({ onResolve }) =>
              onResolve({ filter: /.*/ }, ({ path }) =>
                // By its real path: there the folder has the library's own name.
                path in instead ? { path: mainFile(instead[path] as string), external: true } : undefined,
              ),
          },
        ],
      });
      return outfile;
    }),
  );
}

function mainFile(name: string): string {
  return realpathSync(load.resolve(name));
}
