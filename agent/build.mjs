import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/**
 * Bundles the agent into few CommonJS files: loading one file is what keeps start-up short. Node modules it may lack
 * (`optionalDependencies`) and the OpenTelemetry API of the SDK engine stay outside.
 */
const source = (name) => fileURLToPath(new URL(`src/${name}`, import.meta.url));
const outdir = fileURLToPath(new URL('dist', import.meta.url));

const common = {
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'cjs',
  outdir,
  outExtension: { '.js': '.cjs' },
  legalComments: 'none',
  logLevel: 'warning',
  supported: { 'dynamic-import': true },
};

await Promise.all([
  build({ ...common, entryPoints: { register: source('register.cts'), 'export-worker': source('export/worker.ts') } }),
  build({ ...common, entryPoints: { 'sdk-engine': source('engine/sdk-engine.ts') }, external: ['@opentelemetry/*'] }),
  build({ ...common, entryPoints: { saga: source('saga/index.ts') }, external: ['@opentelemetry/api'] }),
  build({
    ...common,
    entryPoints: { saga: source('saga/index.ts') },
    external: ['@opentelemetry/api'],
    format: 'esm',
    outExtension: { '.js': '.mjs' },
  }),
  build({ ...common, entryPoints: { 'otel-bundle': source('instrument/otel/bundle.ts') }, minifySyntax: true }),
]);
