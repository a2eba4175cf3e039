import { SECRET } from '../judge.js';
import type { Exchange, PublishedApp } from '../published-app.js';

const EXCHANGES: readonly Exchange[] = [
  { path: '/', route: '/' },
  { path: '/example', route: '/example' },
  { path: '/example/', headers: { cookie: `session=${SECRET}` } },
  { path: '/nowhere/7' },
  { path: '/', method: 'POST', body: { secret: SECRET } },
  { path: '/example', method: 'HEAD' },
  { path: '/%zz' },
];
const LOAD: readonly Exchange[] = [{ path: '/' }, { path: '/example' }, { path: '/nowhere/x' }];

/** What `fastify generate` makes, started as its package.json says. */
const starter = {
  name: 'fastify-cli',
  framework: 'fastify 5',
  readyPath: '/',
  exchanges: EXCHANGES,
  load: LOAD,
  requests: 2000,
  stop: 'SIGINT',
} as const;

export const fastifyEsm: PublishedApp = {
  ...starter,
  version: '8.0.2',
  module: 'ESM',
  packages: ['fastify-cli@8.0.2'],
  prepare: async (_, run) => {
    await run('fastify', 'generate', 'app', '--esm');
    await run('npm', 'install', '--prefix', 'app', '--ignore-scripts', '--no-audit', '--no-fund');
  },
  start: ({ ports }) => ({
    program: 'fastify',
    args: ['start', '-l', 'info', '-a', '127.0.0.1', '-p', String(ports[0]), 'app/app.js'],
  }),
};

export const fastifyTypescript: PublishedApp = {
  ...starter,
  version: '8.0.2 --lang=ts',
  module: 'TypeScript',
  packages: ['fastify-cli@8.0.2'],
  prepare: async (_, run) => {
    await run('fastify', 'generate', 'app', '--lang=ts');
    await run('npm', 'install', '--prefix', 'app', '--ignore-scripts', '--no-audit', '--no-fund');
    // What it generates does not build with the TypeScript it asks for without being told where its sources are.
    await run('npm', 'run', '--prefix', 'app', 'build:ts', '--', '--rootDir', 'src');
  },
  start: ({ ports }) => ({
    program: 'fastify',
    args: ['start', '-l', 'info', '-a', '127.0.0.1', '-p', String(ports[0]), 'app/dist/app.js'],
  }),
};
