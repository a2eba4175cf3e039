// One service under load: plain node:http, express, or fastify with pino and pg, whatever is asked; prints its CPU time when told to stop.
const kind = process.argv[2];

function listen(server) {
  server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
}

if (kind === 'express') {
  const express = require('express');
  const app = express();
  app.get('/orders/:id', (request, response) => response.json({ id: request.params.id }));
  listen(require('node:http').createServer(app));
} else if (kind.startsWith('fastify')) {
  const { createWriteStream } = require('node:fs');
  const { Pool } = require('pg');
  const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 8 });
  const app = require('fastify')({ logger: { stream: createWriteStream('/dev/null') } });
  app.get('/orders/:id', async (request) => {
    const { rows } = await pool.query('SELECT $1::text AS id', [request.params.id]);
    return rows[0];
  });
  void app.listen({ port: 0, host: '127.0.0.1' }).then(() => process.send({ port: app.server.address().port }));
} else {
  listen(
    require('node:http').createServer((request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end('{"id":"7"}');
    }),
  );
}

process.on('message', (message) => {
  if (message === 'cpu') process.send({ cpu: process.cpuUsage(), rss: process.memoryUsage().rss });
  if (message === 'stop') process.exit(0);
});
