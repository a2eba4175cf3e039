import type { ExpectedSpan, Scenario } from '../scenario.js';

const inside = (status: number): ExpectedSpan => ({
  name: 'GET',
  kind: 'client',
  failed: status >= 400,
  children: [
    { name: 'GET', kind: 'server', attributes: { 'http.response.status_code': status }, failed: status >= 500 },
  ],
});

/** A request is passed on to a thread or process that the application started, where the agent runs as well, once. */
function passedOn(app: string, said: string, short: boolean): Scenario {
  const exchange = (path: string, status: number) => ({
    path,
    status,
    span: { name: 'GET', kind: 'server', failed: status >= 500, children: [inside(status)] } as const,
    logs: [
      { body: 'passing on', at: 'GET' },
      { body: said, at: 'GET' },
    ],
  });
  return {
    app,
    exchanges: [exchange('/fine', 200), exchange('/broken', 500), ...(short ? [exchange('/short', 200)] : [])],
    also: ({ logs }) =>
      !short || logs.some(({ body }) => body === 'short work') ? undefined : 'nothing of the short process',
  };
}

export const workerThreads = passedOn('worker_threads', 'in a thread', false);
export const childProcess = passedOn('child_process', 'in a child', true);

const clustered = (path: string, status: number) => ({
  path,
  status,
  span: {
    name: 'GET',
    kind: 'server',
    attributes: { 'http.response.status_code': status },
    failed: status >= 500,
  } as const,
  logs: [{ body: 'in a worker', at: 'GET' }],
});

export const cluster: Scenario = {
  app: 'cluster',
  exchanges: [clustered('/fine', 200), clustered('/broken', 500)],
};
