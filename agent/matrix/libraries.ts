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
import * as otel from './expected/otel.js';
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
  /** Folder where it is installed. */
  readonly from?: string;
  /** Name it is installed under there. */
  readonly alias?: string;
  readonly why?: Row['why'];
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

/** Installed for the tests of the agent: libraries behind OpenTelemetry's own instrumentations. */
const TESTED = fileURLToPath(new URL('../node_modules', import.meta.url));

/** Why bundlers hide a library from the plugin, too. */
const inEsModules =
  (...kinds: readonly Kind[]): Row['why'] =>
  (kind) =>
    kinds.includes(kind)
      ? 'bundlers take its ES modules, whose exports nobody can replace: leave it external'
      : undefined;

/** A library that the program of a scenario's tests talks to, which writes its lines with pino. */
function tested(library: string, scenario: Scenario, options: RowOptions = {}): Row {
  const { alias = library, with: others = [] } = options;
  return row(library, alias, scenario, { ...options, from: TESTED, with: ['pino', ...others] });
}

/** `alias` is `<library>-<major>` or the library's own name. */
function row(library: string, alias: string, scenario: Scenario, options: RowOptions = {}): Row {
  const installed: Record<string, string> = { [library]: alias, ...options.installed };
  for (const name of options.with ?? []) installed[name] = name;
  const packages = Object.fromEntries(
    Object.entries(installed).map(([name, folder]) => [name, realpathSync(join(options.from ?? MODULES, folder))]),
  );
  const { version } = JSON.parse(readFileSync(join(packages[library] ?? '', 'package.json'), 'utf8')) as {
    version: string;
  };
  const { external = [], minNode = 20, needsPlugin = true, variant, why } = options;
  const shown = variant === undefined ? version : `${version}, ${variant}`;
  return { library, version: shown, scenario, packages, external, minNode, needsPlugin, ...(why && { why }) };
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

const KNEX_OPTIONAL = [
  'better-sqlite3',
  'mariadb',
  'mysql',
  'mysql2',
  'oracledb',
  'pg-native',
  'pg-query-stream',
  'sqlite3',
  'tedious',
];

/** Every library, in every version that is tried. */
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
  tested('pg', otel.pg, { external: ['pg-native'] }),
  tested('mysql2', otel.mysql2),
  tested('mysql', otel.mysql),
  tested('knex', otel.knex, { with: ['pg'], external: KNEX_OPTIONAL }),
  ...['ioredis-5', 'ioredis'].map((alias) => tested('ioredis', otel.ioredis, { alias })),
  ...['redis-4', 'redis'].map((alias) => tested('redis', otel.redis, { alias })),
  tested('memcached', otel.memcached),
  ...['bullmq-5', 'bullmq'].map((alias) =>
    tested('bullmq', otel.bullmq, { alias, why: inEsModules('webpack+plugin') }),
  ),
  tested('amqplib', otel.amqplib),
  tested('kafkajs', otel.kafkajs),
  tested('nats', otel.nats('nats', '503')),
  tested('@nats-io/transport-node', otel.nats('nats-core', 'RequestError'), { with: ['@nats-io/jetstream'] }),
  tested('@grpc/grpc-js', otel.grpc, { with: ['@grpc/proto-loader'] }),
  tested('graphql', otel.graphql, { why: inEsModules('webpack+plugin') }),
  tested('dataloader', otel.dataloader),
  tested('generic-pool', otel.genericPool),
  tested('lru-memoizer', otel.lruMemoizer),
  tested('socket.io', otel.socketIo, { with: ['socket.io-client'], external: ['bufferutil', 'utf-8-validate'] }),
  tested('@aws-sdk/client-sqs', otel.awsSdk, { why: inEsModules('esbuild+plugin', 'webpack+plugin') }),
  ...['mongodb', 'mongoose', 'cassandra-driver'].map((library) =>
    tested(library, otel.unserved, { why: () => 'no server can be had: that it is patched is tried by a test' }),
  ),
];
