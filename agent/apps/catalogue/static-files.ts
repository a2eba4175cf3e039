import { SECRET } from '../judge.js';
import type { Exchange, PublishedApp } from '../published-app.js';

/** Servers of files have no routes: whatever is asked, spans are named by the method. */
const EXCHANGES: readonly Exchange[] = [
  { path: '/package.json', route: null },
  { path: '/node_modules/', route: null },
  { path: '/package.json', headers: { 'if-none-match': 'W/"none"' } },
  { path: '/package-lock.json', headers: { range: 'bytes=10-99' } },
  { path: '/package-lock.json', headers: { 'accept-encoding': 'gzip', cookie: `session=${SECRET}` } },
  { path: '/nowhere/7', route: null },
  { path: '/%zz', route: null },
  { path: '/package.json', method: 'HEAD' },
  { path: '/package.json', method: 'POST', body: { secret: SECRET, text: 'x'.repeat(100_000) } },
  { path: '/package-lock.json', giveUpAfterMs: 1 },
];
const LOAD: readonly Exchange[] = [{ path: '/package.json' }, { path: '/nowhere/x' }, { path: '/node_modules/' }];
const common = { exchanges: EXCHANGES, load: LOAD, readyPath: '/package.json' } as const;

export const httpServer: PublishedApp = {
  ...common,
  name: 'http-server',
  version: '14.1.1',
  module: 'CommonJS',
  framework: 'union, on node:http',
  packages: ['http-server@14.1.1'],
  start: ({ ports, folder }) => ({
    program: 'http-server',
    args: [folder, '-a', '127.0.0.1', '-p', String(ports[0]), '-g', '--cors'],
  }),
  stop: 'SIGINT',
};

export const serve: PublishedApp = {
  ...common,
  name: 'serve',
  version: '14.2.7',
  module: 'ESM',
  framework: 'serve-handler, on node:http',
  packages: ['serve@14.2.7'],
  start: ({ ports, folder }) => ({
    program: 'serve',
    args: ['-l', `tcp://127.0.0.1:${ports[0]}`, folder],
    env: { NO_UPDATE_CHECK: '1' },
  }),
  stop: 'SIGINT',
};

export const localWebServer: PublishedApp = {
  ...common,
  name: 'local-web-server',
  version: '5.4.0',
  module: 'ESM',
  framework: 'koa',
  packages: ['local-web-server@5.4.0'],
  start: ({ ports, folder }) => ({
    program: 'ws',
    args: ['--port', String(ports[0]), '--hostname', '127.0.0.1', '--directory', folder, '--log.format', 'dev'],
  }),
  stop: 'SIGTERM',
};
