import type { Exchange, Scenario } from '../scenario.js';

/** Next's own spans differ from version to version: what is looked at is the server span, and where lines are. */
function page(path: string, route: string | undefined, more: Partial<Exchange> = {}, failed = false): Exchange {
  const status = failed ? 500 : route === undefined ? 404 : 200;
  return {
    path,
    status,
    span: {
      name: route === undefined ? 'GET' : `GET ${route}`,
      kind: 'server',
      attributes: { 'http.route': route, 'http.response.status_code': status },
      failed,
      open: true,
    },
    ...more,
  };
}

export const next: Scenario = {
  app: 'next',
  exchanges: [
    page('/', '/'),
    page('/wards/7?bed=1', '/wards/[ward]', { logs: [{ body: 'ward 7' }] }),
    page('/wards/broken', '/wards/[ward]', { logs: [{ body: 'ward broken' }] }, true),
    page('/api/beds/7', '/api/beds/[bed]', { logs: [{ body: 'bed 7' }] }),
    page('/api/beds/broken', '/api/beds/[bed]', { logs: [{ body: 'bed broken' }] }, true),
    page('/api/legacy/9', '/api/legacy/[id]', { logs: [{ body: 'legacy 9' }] }),
    page('/old/3', '/old/[id]', { logs: [{ body: 'old 3' }] }),
    page('/no/such/page', undefined),
    page('/api/none', undefined),
    page('/_next/static/none.js', undefined),
  ],
  also: ({ spans }) => {
    const servers = spans.filter(({ kind }) => kind === 'server');
    return servers.length === 10 ? undefined : `${servers.length} server spans of 10 requests`;
  },
};
