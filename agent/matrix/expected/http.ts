import type { ExpectedSpan, Scenario } from '../scenario.js';

const inner: ExpectedSpan = {
  name: 'GET',
  kind: 'server',
  attributes: { 'http.response.status_code': 200, 'url.path': '/inner', 'url.query': 'token=REDACTED&page=2' },
};
const outgoing: ExpectedSpan = {
  name: 'GET',
  kind: 'client',
  attributes: { 'http.response.status_code': 200, 'http.request.method': 'GET', 'server.address': '127.0.0.1' },
  children: [inner],
};

export const http: Scenario = {
  app: 'http',
  exchanges: [
    {
      path: '/work',
      status: 200,
      span: { name: 'GET', kind: 'server', attributes: { 'url.path': '/work' }, children: [outgoing] },
      logs: [{ body: 'working', at: 'GET', line: 'as it is' }],
    },
    {
      path: '/array',
      status: 200,
      span: { name: 'GET', kind: 'server', attributes: { 'url.path': '/array' }, children: [outgoing] },
    },
    {
      path: '/refused',
      status: 502,
      span: {
        name: 'GET',
        kind: 'server',
        attributes: { 'error.type': '502' },
        failed: true,
        children: [
          {
            name: 'GET',
            kind: 'client',
            attributes: { 'error.type': 'ECONNREFUSED', 'server.port': 1 },
            failed: true,
            exception: 'ECONNREFUSED',
          },
        ],
      },
    },
    {
      path: '/wait',
      abortAfterMs: 300,
      span: { name: 'GET', kind: 'server', attributes: { 'error.type': 'client_closed_request' } },
      logs: [{ body: 'waiting', at: 'GET' }],
    },
  ],
};

const secure = (path: string, status: number): ExpectedSpan => ({
  name: 'GET',
  kind: 'server',
  attributes: { 'http.response.status_code': status, 'url.scheme': 'http', 'url.path': path },
  failed: status >= 500,
  children: [
    {
      name: 'GET',
      kind: 'client',
      attributes: { 'http.response.status_code': status },
      failed: status >= 400,
      children: [
        {
          name: 'GET',
          kind: 'server',
          attributes: { 'http.response.status_code': status, 'url.scheme': 'https' },
          failed: status >= 500,
        },
      ],
    },
  ],
});

export const https: Scenario = {
  app: 'https',
  exchanges: [
    { path: '/fine', status: 200, span: secure('/fine', 200), logs: [{ body: 'calling securely', at: 'GET' }] },
    { path: '/broken', status: 500, span: secure('/broken', 500) },
  ],
};

/** `fetch` and undici do the same. */
export function fetching(app: 'fetch' | 'undici'): Scenario {
  const called = (status: number): ExpectedSpan => ({
    name: 'GET',
    kind: 'client',
    attributes: { 'http.response.status_code': status, 'server.address': '127.0.0.1' },
    failed: status >= 400,
    children: [{ name: 'GET', kind: 'server', attributes: { 'http.response.status_code': status } }],
  });
  return {
    app,
    exchanges: [
      {
        path: '/work',
        status: 200,
        span: { name: 'GET', kind: 'server', children: [called(200)] },
        logs: [{ body: 'working', at: 'GET', line: 'as it is' }],
      },
      { path: '/missing', status: 404, span: { name: 'GET', kind: 'server', children: [called(404)] } },
      {
        path: '/refused',
        status: 502,
        span: {
          name: 'GET',
          kind: 'server',
          failed: true,
          children: [
            {
              name: 'GET',
              kind: 'client',
              attributes: { 'error.type': 'ECONNREFUSED', 'server.port': 2 },
              failed: true,
              exception: 'ECONNREFUSED',
            },
          ],
        },
      },
    ],
  };
}
