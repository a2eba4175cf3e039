import { SECRET } from '../judge.js';
import type { PublishedApp } from '../published-app.js';

/** The Solid server: TypeScript on plain node:http, wired by injection; it logs with winston. */
export const solid: PublishedApp = {
  name: '@solid/community-server',
  version: '7.2.0',
  module: 'TypeScript',
  framework: 'node:http',
  packages: ['@solid/community-server@7.2.0'],
  start: ({ ports }) => ({
    program: 'community-solid-server',
    args: ['-p', String(ports[0]), '-b', `http://127.0.0.1:${ports[0]}/`, '-l', 'info'],
  }),
  readyPath: '/',
  exchanges: [
    { path: '/', route: null },
    { path: '/.well-known/solid' },
    { path: '/nowhere/7' },
    { path: '/notes.txt', method: 'PUT', body: SECRET, headers: { 'content-type': 'text/plain' } },
    { path: '/notes.txt' },
    { path: '/notes.txt', method: 'PATCH', body: 'wrong', headers: { 'content-type': 'text/plain' } },
    { path: '/large.txt', method: 'PUT', body: 'x'.repeat(500_000), headers: { 'content-type': 'text/plain' } },
    { path: '/large.txt', giveUpAfterMs: 3 },
    { path: '/notes.txt', method: 'DELETE' },
    { path: '/', method: 'OPTIONS' },
  ],
  load: [{ path: '/' }, { path: '/nowhere/x' }],
  requests: 200,
  stop: 'SIGTERM',
};
