import type { PublishedApp } from '../published-app.js';

const DATABASE = { posts: Array.from({ length: 20 }, (_, id) => ({ id: id + 1, title: `post ${id + 1}` })) };

/** PM2 with two workers of json-server, as in a container. */
export const pm2: PublishedApp = {
  name: 'pm2',
  version: '7.0.4',
  module: 'CommonJS',
  framework: 'express 4, two processes in a cluster',
  packages: ['pm2@7.0.4', 'json-server@0.17.4'],
  files: ({ data, ports, folder }) => ({
    'db.json': JSON.stringify(DATABASE),
    'ecosystem.config.cjs': `module.exports = ${JSON.stringify({
      apps: [
        {
          name: 'posts',
          cwd: folder,
          script: `${folder}/node_modules/json-server/lib/cli/bin.js`,
          args: ['--port', String(ports[0]), '--host', '127.0.0.1', `${data}/db.json`],
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
  readyPath: '/posts',
  exchanges: [
    { path: '/posts', route: '/posts' },
    { path: '/posts/7', route: '/posts/:id' },
    { path: '/posts/777', route: '/posts/:id' },
    { path: '/nowhere' },
  ],
  load: [{ path: '/posts' }, { path: '/posts/3', route: '/posts/:id' }, { path: '/nowhere' }],
  stop: 'SIGTERM',
};
