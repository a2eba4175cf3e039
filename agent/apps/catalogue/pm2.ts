import type { PublishedApp } from '../published-app.js';

/** PM2 as in a container, with two workers of cors-anywhere. */
export const pm2: PublishedApp = {
  name: 'pm2',
  version: '7.0.4',
  module: 'CommonJS',
  framework: 'http-proxy, two processes in a cluster',
  packages: ['pm2@7.0.4', 'cors-anywhere@0.4.4'],
  files: ({ ports, folder }) => ({
    'ecosystem.config.cjs': `module.exports = ${JSON.stringify({
      apps: [
        {
          name: 'proxy',
          cwd: folder,
          script: 'node_modules/cors-anywhere/server.js',
          env: { HOST: '127.0.0.1', PORT: String(ports[0]) },
          instances: 2,
          exec_mode: 'cluster',
        },
      ],
    })}`,
  }),
  start: ({ data }) => ({
    program: 'pm2-runtime',
    args: ['start', `${data}/ecosystem.config.cjs`],
    env: { PM2_HOME: `${data}/pm2` },
  }),
  readyPath: '/',
  exchanges: [
    { path: '/', route: null },
    { path: '/iscorsneeded', route: null },
    { path: '/http://localhost:1/nobody', headers: { origin: 'http://example.org' }, under: /^client GET$/ },
  ],
  load: [{ path: '/iscorsneeded' }, { path: '/http://localhost:1/nobody', headers: { origin: 'http://example.org' } }],
  stop: 'SIGTERM',
  exceptions: [
    { what: /Running CORS Anywhere/, why: 'the second process starts when the first already answers' },
    {
      what: /failed to kill - retrying/,
      why: 'PM2 looks every 100 ms whether a process has ended; on a busy machine the last telemetry takes longer',
    },
  ],
};
