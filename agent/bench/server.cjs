// One service under load, of the kind that is asked for; tells its CPU time when asked and stops when told.
const kind = process.argv[2];

const SERVICES = {
  'node:http': () =>
    listen(
      require('node:http').createServer((_request, response) => {
        response.setHeader('content-type', 'application/json');
        response.end('{"id":"7"}');
      }),
    ),
  http2: () =>
    listen(
      require('node:http2').createServer((_request, response) => {
        response.setHeader('content-type', 'application/json');
        response.end('{"id":"7"}');
      }),
    ),
  express: () => {
    const express = require('express');
    const app = express();
    app.get('/orders/:id', (request, response) => response.json({ id: request.params.id }));
    listen(require('node:http').createServer(app));
  },
  'fastify, pino': () => fastify(async (request) => ({ id: request.params.id })),
  pg: () => {
    const { Pool } = require('pg');
    const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 8 });
    fastify(async (request) => {
      const { rows } = await pool.query('SELECT $1::text AS id', [request.params.id]);
      return rows[0];
    });
  },
};

function listen(server) {
  server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
}

/** With its logger on: two lines a request. */
function fastify(handler) {
  const stream = require('node:fs').createWriteStream('/dev/null');
  const app = require('fastify')({ logger: { stream } });
  app.get('/orders/:id', handler);
  void app.listen({ port: 0, host: '127.0.0.1' }).then(() => process.send({ port: app.server.address().port }));
}

SERVICES[kind]();
process.on('message', (message) => {
  if (message === 'usage') {
    const { user, system } = process.cpuUsage();
    process.send({ cpuMicros: user + system, rss: process.memoryUsage().rss });
  }
  if (message === 'stop') process.exit(0);
});
