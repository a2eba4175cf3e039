import { SECRET } from '../judge.js';
import type { PublishedApp } from '../published-app.js';

/** A page over a real Redis. */
export const redisCommander: PublishedApp = {
  name: 'redis-commander',
  version: '0.9.0',
  module: 'CommonJS',
  framework: 'express 4, ioredis',
  packages: ['redis-commander@0.9.0'],
  needs: 'redis',
  start: ({ ports, server }) => ({
    program: 'redis-commander',
    args: [
      '--redis-host',
      '127.0.0.1',
      '--redis-port',
      new URL(server).port,
      '--port',
      String(ports[0]),
      '--address',
      '127.0.0.1',
      '--nosave',
    ],
  }),
  readyPath: '/healthcheck',
  exchanges: [
    { path: '/healthcheck' },
    { path: '/', headers: { cookie: `session=${SECRET}` } },
    { path: '/connections' },
    { path: '/apiv1/server/info', as: 'info' },
    { path: '/nowhere/7' },
    { path: '/apiv2/nowhere' },
    { path: '/signin', method: 'POST', body: { username: 'nobody', password: SECRET } },
  ],
  load: [{ path: '/healthcheck' }, { path: '/connections' }, { path: '/nowhere/x' }],
  stop: 'SIGTERM',
};
