import { SECRET } from '../judge.js';
import type { PublishedApp } from '../published-app.js';

const QUIET = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
const CHOICES = ['--api', '--ts', '--no-eslint', '--no-src-dir', '--import-alias', '@/*', '--use-npm'];

/** What `create-next-app` makes, built and started as its package.json says. */
export const next: PublishedApp = {
  name: 'create-next-app',
  version: '16.4.3',
  module: 'TypeScript',
  framework: 'Next 16',
  packages: ['create-next-app@16.4.3'],
  prepare: async (_, run) => {
    await run('create-next-app', 'app', ...CHOICES, '--skip-install', '--disable-git', '--yes');
    await run('npm', 'install', '--prefix', 'app', ...QUIET);
    await run('npm', 'run', '--prefix', 'app', 'build');
  },
  start: ({ ports }) => ({
    program: 'node',
    args: ['node_modules/next/dist/bin/next', 'start', '-H', '127.0.0.1', '-p', String(ports[0])],
    cwd: 'app',
    env: { NEXT_TELEMETRY_DISABLED: '1' },
  }),
  readyPath: '/',
  exchanges: [
    { path: '/', route: '/' },
    { path: '/', headers: { cookie: `session=${SECRET}` } },
    { path: '/favicon.ico' },
    { path: '/next.svg' },
    { path: '/nowhere/7' },
    { path: '/', method: 'POST', body: { secret: SECRET } },
    { path: '/_next/image?url=%2Fnext.svg&w=64&q=75' },
  ],
  load: [{ path: '/', route: '/' }, { path: '/next.svg' }, { path: '/nowhere/x' }],
  requests: 300,
  stop: 'SIGTERM',
};
