import type { PublishedApp } from '../published-app.js';

/** Signalling for WebRTC: an API on express, and WebSockets. */
export const peer: PublishedApp = {
  name: 'peer',
  version: '1.0.2',
  module: 'ESM',
  framework: 'express 4',
  packages: ['peer@1.0.2'],
  start: ({ ports }) => ({
    program: 'peerjs',
    args: [
      '--port',
      String(ports[0]),
      '--host',
      '127.0.0.1',
      '--key',
      'tried',
      '--path',
      '/broker',
      '--allow_discovery',
    ],
  }),
  readyPath: '/broker',
  exchanges: [
    { path: '/broker', route: '/broker' },
    { path: '/broker/tried/id', route: '/broker/:key/id' },
    { path: '/broker/tried/peers', route: '/broker/:key/peers' },
    { path: '/broker/tried/nothing' },
    { path: '/nowhere' },
    { path: '/broker/peerjs?key=tried&id=one&token=secret', websocket: { send: ['{"type":"HEARTBEAT"}'], answers: 1 } },
    { path: '/broker/peerjs?key=wrong&id=one&token=secret', websocket: { send: [], answers: 1 } },
  ],
  load: [{ path: '/broker/tried/id' }, { path: '/broker/tried/peers' }, { path: '/nowhere/x' }],
  stop: 'SIGTERM',
  exceptions: [
    { what: /Client (?:dis)?connected/, why: 'a WebSocket is not a request: nothing it does belongs to one' },
  ],
};
