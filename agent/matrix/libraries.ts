import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cockatiel } from './expected/cockatiel.js';
import { express, fastify, hono, koa, nest } from './expected/frameworks.js';
import { fetching, http, https } from './expected/http.js';
import { http2 } from './expected/http2.js';
import { logger } from './expected/loggers.js';
import { mqtt } from './expected/mqtt.js';
import { opossum } from './expected/opossum.js';
import { childProcess, cluster, workerThreads } from './expected/processes.js';
import { promClient } from './expected/prom-client.js';
import type { Kind } from './kinds.js';
import type { NodeMajor } from './nodes.js';
import type { Scenario } from './scenario.js';

/** A line of the matrix: a library in one version. */
export interface Row {
  readonly library: string;
  /** As installed; `Node` for what comes with it. */
  readonly version: string;
  readonly scenario: Scenario;
  /** Name an application asks for, and the folder. */
  readonly packages: Readonly<Record<string, string>>;
  readonly external: readonly string[];
  /** Oldest Node the library itself runs on. */
  readonly minNode: NodeMajor;
  /** Seen by its exports: nothing can be seen of it inside of a bundle that was made without the plugin. */
  readonly needsPlugin: boolean;
  /** Why a cell cannot be tried, or cannot be passed by anybody. */
  readonly why?: (kind: Kind, node: NodeMajor) => string | undefined;
}

interface RowOptions {
  /** Names under which the matrix has installed a package that applications know by another. */
  readonly installed?: Readonly<Record<string, string>>;
  readonly with?: readonly string[];
  readonly external?: readonly string[];
  readonly minNode?: NodeMajor;
  readonly needsPlugin?: boolean;
  /** What tells two lines of one version from each other. */
  readonly variant?: string;
}

const MODULES = fileURLToPath(new URL('node_modules', import.meta.url));

function builtIn(library: string, scenario: Scenario, why?: Row['why']): Row {
  return {
    ...(why && { why }),
    library,
    version: 'Node',
    scenario,
    packages: {},
    external: [],
    minNode: 20,
    needsPlugin: false,
  };
}

/** `alias` is `<library>-<major>` or the library's own name. */
function row(library: string, alias: string, scenario: Scenario, options: RowOptions = {}): Row {
  const installed: Record<string, string> = { [library]: alias, ...options.installed };
  for (const name of options.with ?? []) installed[name] = name;
  const packages = Object.fromEntries(
    Object.entries(installed).map(([name, folder]) => [name, realpathSync(join(MODULES, folder))]),
  );
  const { version } = JSON.parse(readFileSync(join(packages[library] ?? '', 'package.json'), 'utf8')) as {
    version: string;
  };
  const { external = [], minNode = 20, needsPlugin = true, variant } = options;
  const shown = variant === undefined ? version : `${version}, ${variant}`;
  return { library, version: shown, scenario, packages, external, minNode, needsPlugin };
}

const NEST_OPTIONAL = [
  '@nestjs/microservices',
  '@nestjs/websockets',
  'class-transformer',
  'class-validator',
  '@fastify/multipart',
  '@fastify/static',
  '@fastify/view',
];
const nestWith = (adapter: string): RowOptions => ({
  with: ['@nestjs/common', '@nestjs/core', 'reflect-metadata', 'rxjs'],
  installed: { [`@nestjs/platform-${adapter}`]: `@nestjs/platform-${adapter}` },
  external: NEST_OPTIONAL,
});

/** Every library of ours, in every version that is tried. */
export const ROWS: readonly Row[] = [
  builtIn('http', http),
  builtIn('https', https),
  builtIn('http2', http2, (kind, node) =>
    node === 20 && (kind === 'esm' || kind === 'tsx')
      ? 'Node 20 tells nobody that an ES module imports `http2`: servers are seen, clients are not'
      : undefined,
  ),
  builtIn('worker_threads', workerThreads, (kind, node) =>
    node === 20 && kind === 'tsx' ? 'tsx starts no TypeScript in threads on Node 20' : undefined,
  ),
  builtIn('child_process', childProcess),
  builtIn('cluster', cluster),
  builtIn('fetch', fetching('fetch')),
  ...(['undici-5', 'undici-6', 'undici-7'] as const).map((alias) =>
    row('undici', alias, fetching('undici'), { needsPlugin: false }),
  ),
  row('undici', 'undici-8', fetching('undici'), { minNode: 22, needsPlugin: false }),
  row('express', 'express-4', express),
  row('express', 'express-5', express),
  row('fastify', 'fastify-4', fastify, { needsPlugin: false }),
  row('fastify', 'fastify-5', fastify, { needsPlugin: false }),
  row('koa', 'koa-2', koa, { installed: { '@koa/router': '@koa/router-12' }, with: ['koa-mount'] }),
  row('koa', 'koa-3', koa, { with: ['@koa/router', 'koa-mount'] }),
  row('hono', 'hono', hono, { with: ['@hono/node-server'] }),
  row('@nestjs/platform-express', '@nestjs/platform-express', nest('express'), nestWith('express')),
  row('@nestjs/platform-fastify', '@nestjs/platform-fastify', nest('fastify'), nestWith('fastify')),
  ...['pino-7', 'pino-8', 'pino-9', 'pino-10'].map((alias) =>
    row('pino', alias, logger('pino', true, { order: 7, component: 'child', password: '[Redacted]' })),
  ),
  row('winston', 'winston', logger('winston', true, { order: 7, component: 'child' })),
  ...['bunyan-1', 'bunyan-2'].map((alias) =>
    row('bunyan', alias, logger('bunyan', true, { order: 7, component: 'child' }), { external: ['dtrace-provider'] }),
  ),
  row('log4js', 'log4js', logger('log4js', true, {})),
  builtIn('console', logger('console', false, {})),
  ...['opossum-6', 'opossum-7', 'opossum-8', 'opossum-9'].map((alias) => row('opossum', alias, opossum)),
  row('opossum', 'opossum-10', opossum, { minNode: 22 }),
  row('cockatiel', 'cockatiel-3', cockatiel),
  row('cockatiel', 'cockatiel-4', cockatiel, { minNode: 22 }),
  row('mqtt', 'mqtt', mqtt(5), { variant: 'MQTT 5' }),
  row('mqtt', 'mqtt', mqtt(4), { variant: 'MQTT 3.1.1' }),
  row('prom-client', 'prom-client-14', promClient('prom-client')),
  row('prom-client', 'prom-client-15', promClient('prom-client')),
  row('@prometheus-io/client', '@prometheus-io/client', promClient('@prometheus-io/client'), { minNode: 22 }),
];
