import { SECRET } from '../judge.js';
import type { PublishedApp } from '../published-app.js';

/** LoopBack's own example. Its router is its own, below express: routes are known of what express serves. */
export const loopback: PublishedApp = {
  name: '@loopback/example-todo',
  version: '6.0.0',
  module: 'TypeScript',
  framework: 'LoopBack 4',
  packages: ['@loopback/example-todo@6.0.0'],
  start: ({ ports }) => ({
    program: 'node',
    args: ['node_modules/@loopback/example-todo'],
    env: { HOST: '127.0.0.1', PORT: String(ports[0]) },
  }),
  readyPath: '/todos/count',
  exchanges: [
    { path: '/' },
    { path: '/todos' },
    { path: '/todos/count' },
    { path: '/todos/1' },
    { path: '/todos/777' },
    { path: '/todos', method: 'POST', body: { title: 'tried', desc: SECRET } },
    { path: '/todos', method: 'POST', body: { wrong: SECRET } },
    { path: '/todos/1', method: 'PATCH', body: { desc: 'x'.repeat(60_000) } },
    { path: '/todos', method: 'POST', body: '{"broken":' },
    { path: '/openapi.json' },
    { path: '/explorer/' },
    { path: '/nowhere/7' },
  ],
  load: [{ path: '/todos' }, { path: '/todos/1' }, { path: '/nowhere/x' }],
  stop: 'SIGTERM',
};
