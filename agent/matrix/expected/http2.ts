import type { ExpectedSpan, Scenario } from '../scenario.js';

const called = (status: number): ExpectedSpan => ({
  name: 'GET',
  kind: 'client',
  attributes: { 'http.response.status_code': status, 'network.protocol.version': '2', 'server.address': '127.0.0.1' },
  failed: status >= 400,
  children: [
    {
      name: 'GET',
      kind: 'server',
      attributes: { 'http.response.status_code': status, 'network.protocol.version': '2', 'url.scheme': 'http' },
    },
  ],
});

export const http2: Scenario = {
  app: 'http2',
  protocol: 'h2c',
  exchanges: [
    {
      path: '/work',
      status: 200,
      span: { name: 'GET', kind: 'server', attributes: { 'network.protocol.version': '2' }, children: [called(200)] },
      logs: [{ body: 'working', at: 'GET', line: 'as it is' }],
    },
    { path: '/missing', status: 404, span: { name: 'GET', kind: 'server', children: [called(404)] } },
    {
      path: '/wait',
      abortAfterMs: 300,
      span: { name: 'GET', kind: 'server', attributes: { 'error.type': 'request_aborted' } },
      logs: [{ body: 'waiting', at: 'GET' }],
    },
  ],
};
