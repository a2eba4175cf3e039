// A service as bad as they come: it throws, rejects, never answers, forgets promises; it lets go of them after ten seconds.
const express = require('express');
const http = require('node:http');

const KEPT_MS = 10_000;
const kept = new Set();
const forget = (thing) => {
  kept.add(thing);
  setTimeout(() => kept.delete(thing), KEPT_MS).unref();
};

const app = express();
app.get('/ok/:id', (request, response) => response.json({ id: request.params.id }));
app.get('/throw', () => {
  throw new RangeError('thrown while serving');
});
app.get('/reject', async () => {
  await new Promise(setImmediate);
  throw new TypeError('rejected while serving');
});
app.get('/leak', () => {
  // Never settled, and waited for: what awaits it keeps the request's context.
  const promise = new Promise(() => undefined);
  forget(promise);
  void (async () => {
    await promise;
  })();
});
app.get('/slow', (_request, response) => {
  response.write('begun');
  const timer = setTimeout(() => response.end(), 200);
  response.on('close', () => clearTimeout(timer));
});
app.get('/log', (_request, response) => {
  console.log('a line');
  http
    .get({ port: server.address().port, path: '/ok/inner' }, (inner) => inner.resume().on('end', () => response.end()))
    .on('error', () => response.destroy());
});
app.use((error, _request, response, _next) => response.status(500).json({ message: error.message }));

const server = http.createServer(app).listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));

process.on('message', (message) => {
  if (message === 'stop') process.exit(0);
  if (message !== 'memory') return;
  globalThis.gc();
  const { rss, heapUsed, external } = process.memoryUsage();
  process.send({ rss, heap: heapUsed, external });
});
