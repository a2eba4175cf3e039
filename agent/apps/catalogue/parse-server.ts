import { SECRET } from '../judge.js';
import type { Answer, PublishedApp } from '../published-app.js';

const KEYS = { 'x-parse-application-id': 'tried' };
const MASTER = { ...KEYS, 'x-parse-master-key': SECRET };
const created = (seen: Readonly<Record<string, Answer>>): string =>
  (JSON.parse(seen['created']?.body || '{}') as { objectId?: string }).objectId ?? 'none';

/** A backend for applications, on PostgreSQL; it logs with winston. */
export const parseServer: PublishedApp = {
  name: 'parse-server',
  version: '8.6.94',
  module: 'CommonJS',
  framework: 'express 5, pg-promise',
  packages: ['parse-server@8.6.94'],
  needs: 'postgresql',
  start: ({ ports, server, data }) => ({
    program: 'parse-server',
    args: [
      '--appId',
      'tried',
      '--masterKey',
      SECRET,
      '--databaseURI',
      server,
      '--port',
      String(ports[0]),
      '--host',
      '127.0.0.1',
      '--serverURL',
      `http://127.0.0.1:${ports[0]}/parse`,
      '--mountPath',
      '/parse',
      '--logsFolder',
      data,
    ],
  }),
  readyPath: '/parse/health',
  exchanges: [
    { path: '/parse/health' },
    { path: '/parse/classes/Order', headers: KEYS },
    { path: '/parse/classes/Order', method: 'POST', headers: MASTER, body: { secret: SECRET, size: 7 }, as: 'created' },
    { path: (seen) => `/parse/classes/Order/${created(seen)}`, headers: KEYS },
    { path: (seen) => `/parse/classes/Order/${created(seen)}`, method: 'PUT', headers: MASTER, body: { size: 8 } },
    { path: '/parse/classes/Order/none', headers: KEYS },
    { path: '/parse/classes/Order?where=%7B%22size%22%3A8%7D', headers: KEYS },
    { path: '/parse/users', method: 'POST', headers: KEYS, body: { username: 'ann', password: SECRET } },
    { path: '/parse/login?username=ann', headers: KEYS },
    { path: '/parse/classes/Order' },
    { path: '/parse/functions/none', method: 'POST', headers: KEYS, body: {} },
    { path: '/parse/classes/Order', method: 'POST', headers: MASTER, body: '{"broken":' },
    { path: '/parse/serverInfo', headers: MASTER },
    { path: '/parse/nowhere/7', headers: KEYS, isCut: true },
    { path: '/nowhere/7' },
  ],
  load: [
    { path: '/parse/health' },
    { path: '/parse/classes/Order', headers: KEYS, under: /^client pg\.query:SELECT postgres$/ },
    { path: '/nowhere/x' },
  ],
  requests: 400,
  stop: 'SIGTERM',
  exceptions: [{ what: /"objectId":|\bobjectId\b/, why: 'ids of objects are drawn anew' }],
};
