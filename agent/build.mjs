import { chmodSync, readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { commonjsTypes } from './build/commonjs-types.mjs';
import { otelPrograms } from './build/otel-programs.mjs';

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

/** What applications import. */
const libraries = {
  saga: source('saga/index.ts'),
  resilience: source('resilience/index.ts'),
  context: source('carried-context/index.ts'),
};

await Promise.all([
  build({ ...common, entryPoints: { register: source('register.cts'), 'export-worker': source('export/worker.ts') } }),
  build({
    ...common,
    entryPoints: { 'orrery-agent': source('orrery-agent.cts') },
    banner: { js: '#!/usr/bin/env node' },
  }),
  build({ ...common, entryPoints: { 'sdk-engine': source('engine/sdk-engine.ts') }, external: ['@opentelemetry/*'] }),
  build({ ...common, entryPoints: libraries, external: ['@opentelemetry/api'] }),
  build({
    ...common,
    entryPoints: libraries,
    external: ['@opentelemetry/api'],
    format: 'esm',
    outExtension: { '.js': '.mjs' },
  }),
  build({
    ...common,
    entryPoints: {
      'bundler/esbuild': source('bundler/esbuild.ts'),
      'bundler/webpack': source('bundler/webpack.ts'),
      'bundler/webpack-loader': source('bundler/webpack-loader.cts'),
    },
  }),
  build({
    ...common,
    entryPoints: { 'esm-loader': source('hook/esm-loader.ts') },
    format: 'esm',
    outExtension: { '.js': '.mjs' },
  }),
  ...otelPrograms({ common, source, outdir }),
]);

chmodSync(`${outdir}/orrery-agent.cjs`, 0o755);
commonjsTypes(outdir);

const sizeOf = (folder) =>
  readdirSync(folder, { withFileTypes: true }).map((entry) => ({
    name: entry.name,
    bytes: entry.isFile() ? statSync(`${folder}/${entry.name}`).size : 0,
  }));
const kib = (files) => `${Math.round(files.reduce((sum, { bytes }) => sum + bytes, 0) / 1024)} KiB`;
const own = sizeOf(outdir);
const others = sizeOf(`${outdir}/otel`);
console.log(
  `agent: register.cjs ${kib(own.filter(({ name }) => name === 'register.cjs'))}, ` +
    `worker ${kib(own.filter(({ name }) => name === 'export-worker.cjs'))}; ` +
    `OpenTelemetry instrumentations ${kib(others)} in ${others.length} files`,
);
