import { SECRET } from '../judge.js';
import type { Answer, Exchange, PublishedApp } from '../published-app.js';

/** The session that the login answered. */
function session(seen: Readonly<Record<string, Answer>>): Record<string, string> {
  const headers = seen['login']?.headers ?? [];
  const cookie = headers.find((_, index) => headers[index - 1]?.toLowerCase() === 'set-cookie') ?? '';
  return { cookie: cookie.split(';', 1)[0] ?? '' };
}

const FEATURES = '/api/admin/projects/default/features';

const EXCHANGES: readonly Exchange[] = [
  { path: '/health', route: '/health' },
  { path: '/api/admin/features' },
  {
    path: '/auth/simple/login',
    method: 'POST',
    body: { username: 'admin', password: SECRET },
    route: '/auth/simple/login',
  },
  { path: '/auth/simple/login', method: 'POST', body: { username: 'admin', password: 'unleash4all' }, as: 'login' },
  {
    path: FEATURES,
    method: 'POST',
    headers: session,
    body: { name: 'first', description: SECRET },
    route: '/api/admin/projects/:projectId/features',
  },
  { path: FEATURES, method: 'POST', headers: session, body: { name: 'first' } },
  { path: FEATURES, headers: session },
  { path: `${FEATURES}/first`, headers: session, route: '/api/admin/projects/:projectId/features/:featureName' },
  { path: `${FEATURES}/none`, headers: session },
  { path: `${FEATURES}/first/environments/development/on`, method: 'POST', headers: session },
  { path: '/api/admin/context', headers: session },
  { path: '/api/admin/strategies/default', headers: session },
  { path: '/api/client/features', headers: { authorization: `*:*.${SECRET}` } },
  { path: '/nowhere/7' },
  { path: '/api/admin/nowhere/7', headers: session },
  { path: '/api/admin/events', headers: session },
  { path: '/internal-backstage/prometheus' },
];

/** Feature flags: a service written in TypeScript, on PostgreSQL through knex. */
export const unleash: PublishedApp = {
  name: 'unleash-server',
  version: '6.4.1',
  module: 'TypeScript',
  framework: 'express 4, knex, pg',
  packages: ['unleash-server@6.4.1'],
  needs: 'postgresql',
  start: ({ ports, server }) => ({
    program: 'node',
    args: ['node_modules/unleash-server/dist/server.js'],
    env: {
      DATABASE_URL: server,
      DATABASE_SSL: 'false',
      HTTP_HOST: '127.0.0.1',
      HTTP_PORT: String(ports[0]),
      CHECK_VERSION: 'false',
      SEND_TELEMETRY: 'false',
      LOG_LEVEL: 'info',
    },
  }),
  readyPath: '/health',
  exchanges: EXCHANGES,
  load: [
    { path: '/health' },
    { path: FEATURES, headers: session, under: /^client select postgres\.features$/ },
    { path: `${FEATURES}/first`, headers: session, under: /^client pg\.query:WITH postgres$/ },
    { path: '/nowhere/x' },
  ],
  requests: 400,
  stop: 'SIGTERM',
  exceptions: [{ what: /^client span .* is in no request/, why: 'it asks the database on timers of its own, too' }],
};
