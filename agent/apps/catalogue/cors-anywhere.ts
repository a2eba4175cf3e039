import { SECRET } from '../judge.js';
import type { PublishedApp } from '../published-app.js';

/** A proxy; it is asked for itself, and for an address where nobody listens. */
export const corsAnywhere: PublishedApp = {
  name: 'cors-anywhere',
  version: '0.4.4',
  module: 'CommonJS',
  framework: 'http-proxy, on node:http',
  packages: ['cors-anywhere@0.4.4'],
  start: ({ ports }) => ({
    program: 'node',
    args: ['node_modules/cors-anywhere/server.js'],
    env: { HOST: '127.0.0.1', PORT: String(ports[0]) },
  }),
  readyPath: '/',
  exchanges: [
    { path: '/', route: null },
    { path: '/iscorsneeded', route: null },
    { path: '/http://localhost:1/nobody', headers: { origin: 'http://example.org' } },
    { path: '/http://localhost:1/nobody' },
    { path: '/http://nothing', headers: { origin: 'http://example.org', cookie: `session=${SECRET}` } },
    { path: '/http://localhost:1/nobody', method: 'OPTIONS', headers: { origin: 'http://example.org' } },
    {
      path: '/http://localhost:1/nobody',
      method: 'POST',
      headers: { origin: 'http://example.org' },
      body: { secret: SECRET },
    },
  ],
  load: [
    { path: '/iscorsneeded' },
    { path: '/http://localhost:1/nobody', headers: { origin: 'http://example.org' } },
    { path: '/' },
  ],
  stop: 'SIGTERM',
};
