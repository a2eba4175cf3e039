import { SECRET } from '../judge.js';
import type { PublishedApp } from '../published-app.js';

const QUIET = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];

/** What `nest new` makes, its TypeScript run as it is. */
export const nest: PublishedApp = {
  name: '@nestjs/cli',
  version: '11.0.13',
  module: 'TypeScript',
  framework: 'Nest 11 on express 5, by ts-node',
  packages: ['@nestjs/cli@11.0.13', '@nestjs/schematics@11.1.0'],
  prepare: async (_, run) => {
    await run('nest', 'new', 'app', '--skip-git', '--skip-install', '--package-manager', 'npm');
    await run('npm', 'install', '--prefix', 'app', '--legacy-peer-deps', ...QUIET);
  },
  start: ({ ports }) => ({
    program: 'node',
    args: ['--require', 'ts-node/register', 'src/main.ts'],
    cwd: 'app',
    env: { PORT: String(ports[0]) },
  }),
  readyPath: '/',
  exchanges: [
    { path: '/', route: '/' },
    { path: '/', method: 'HEAD' },
    { path: '/', method: 'POST', body: { secret: SECRET } },
    { path: '/', method: 'POST', body: '{"broken":' },
    { path: '/nowhere/7', headers: { cookie: `session=${SECRET}` } },
  ],
  load: [{ path: '/', route: '/' }, { path: '/nowhere/x' }],
  stop: 'SIGTERM',
};
