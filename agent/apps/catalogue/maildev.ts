import { SECRET } from '../judge.js';
import type { PublishedApp } from '../published-app.js';

/** A mailbox for tests: SMTP, an API and a page on express, socket.io. */
export const maildev: PublishedApp = {
  name: 'maildev',
  version: '2.2.1',
  module: 'CommonJS',
  framework: 'express 4, socket.io',
  packages: ['maildev@2.2.1'],
  start: ({ ports }) => ({
    program: 'maildev',
    args: ['--web', String(ports[0]), '--smtp', String(ports[1]), '--ip', '127.0.0.1', '--web-ip', '127.0.0.1'],
  }),
  readyPath: '/healthz',
  exchanges: [
    { path: '/healthz', route: '/healthz' },
    { path: '/email', route: '/email' },
    { path: '/email/none', route: '/email/:id' },
    { path: '/email/none/html', route: '/email/:id/html' },
    { path: '/email/all', method: 'DELETE', route: '/email/all' },
    { path: '/config', route: '/config' },
    { path: '/reloadMailsFromDirectory', route: '/reloadMailsFromDirectory' },
    { path: '/nowhere/7' },
    { path: '/email/none/relay/somebody@example.org', method: 'POST', body: { secret: SECRET } },
    { path: '/' },
    { path: '/socket.io/?EIO=4&transport=polling' },
    { path: '/socket.io/?EIO=4&transport=websocket', websocket: { send: ['40'], answers: 2 } },
  ],
  load: [{ path: '/email' }, { path: '/email/none' }, { path: '/nowhere/x' }],
  stop: 'SIGTERM',
  exceptions: [
    { what: /consumer span "receive \/"/, why: 'the connection of socket.io, which no request carries' },
    { what: /MailDev using directory/, why: 'the folder is named by the process id' },
  ],
};
