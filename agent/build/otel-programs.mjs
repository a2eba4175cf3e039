import { readdirSync } from 'node:fs';
import { build } from 'esbuild';

/**
 * What the OpenTelemetry instrumentations have in common is one file, loaded once and each package of it when it is first
 * used; each instrumentation is a file of its own that asks that one. Their hooks into module loading are ours.
 */
const sharedPackages = [
  '@opentelemetry/api',
  '@opentelemetry/api-logs',
  '@opentelemetry/core',
  '@opentelemetry/instrumentation',
  '@opentelemetry/redis-common',
  '@opentelemetry/semantic-conventions',
  '@opentelemetry/sql-common',
];
const shared = `module.exports = {
  ${sharedPackages.map((name) => `get ${JSON.stringify(name)}() { return require(${JSON.stringify(name)}); }`).join(',\n')},
  get satisfies() { return require('@opentelemetry/instrumentation/build/src/semver').satisfies; },
  get offer() { return require('require-in-the-middle').offer; },
};`;
const fromShared = {
  name: 'from-shared',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@opentelemetry\// }, ({ path }) =>
      sharedPackages.includes(path) ? { path, namespace: 'shared' } : undefined,
    );
    onResolve({ filter: /^\.\/shared\.cjs$/ }, ({ path }) => ({ path, external: true }));
    onLoad({ filter: /.*/, namespace: 'shared' }, ({ path }) => ({
      contents: `module.exports = require('./shared.cjs')[${JSON.stringify(path)}];`,
    }));
  },
};

/**
 * Builds `otel/shared.cjs` and a program for each file of `src/instrument/otel/programs/`.
 * @param {{ common: import('esbuild').BuildOptions, source: (name: string) => string, outdir: string }} settings
 */
export function otelPrograms({ common, source, outdir }) {
  const programs = readdirSync(source('instrument/otel/programs')).map((file) => file.replace(/\.ts$/, ''));
  // Names stay as they are: names that are set afterwards (`keepNames`) are set on every closure, at every call.
  const otel = { ...common, outdir: `${outdir}/otel`, minifyWhitespace: true, minifySyntax: true };
  return [
    build({
      ...otel,
      stdin: { contents: shared, resolveDir: source('.'), sourcefile: 'shared.js' },
      outdir: undefined,
      outfile: `${outdir}/otel/shared.cjs`,
      alias: {
        'require-in-the-middle': source('instrument/otel/require-hook.ts'),
        'import-in-the-middle': source('instrument/otel/import-hook.ts'),
      },
    }),
    build({
      ...otel,
      entryPoints: Object.fromEntries(programs.map((name) => [name, source(`instrument/otel/programs/${name}.ts`)])),
      plugins: [fromShared],
    }),
  ];
}
