const express = require('express');
const http = require('node:http');
const { ask, probe, serving, shape } = require('./probe.cjs');

const text = (app, path = '/', options = {}, body) =>
  serving(http.createServer(app), (url) => ask(url + path, options, body));

process.env.NODE_ENV = 'test';

void (async () => {
  await probe('what the package exports looks as it did', () => [
    shape(express).keys.map(([key]) => key),
    express.name,
    express.length,
    ...['Router', 'Route', 'json', 'static', 'application', 'request', 'response'].map((key) => [
      key,
      typeof express[key],
    ]),
  ]);
  await probe('an application has the same members', () => {
    const app = express();
    return [typeof app, app.length, Object.keys(app).toSorted(), Object.keys(app.settings).toSorted()];
  });
  await probe('a router has the same members and layers', () => {
    const router = express.Router();
    router.use((_, __, next) => next());
    router.get('/a', function named(_, response) {
      response.end();
    });
    router.use((_error, _request, _response, next) => next());
    return [
      router.length,
      Object.keys(router).toSorted(),
      router.stack.map((layer) => [layer.name, layer.handle.length, layer.handle.name, layer.route?.path]),
    ];
  });
  await probe('middleware runs in order, errors skip what does not take them', async () => {
    const order = [];
    const app = express();
    app.use((_, __, next) => {
      order.push('one');
      next();
    });
    app.get('/', (_, __, next) => {
      order.push('two');
      next(new Error('no'));
    });
    app.use(() => order.push('never'));
    app.use((error, _request, response, _next) => {
      order.push(`error ${error.message}`);
      response.status(500).send('sorry');
    });
    return [await text(app), order];
  });
  await probe('a handler that throws, rejects or calls next with a route ends as it did', async () => {
    const app = express();
    app.get('/throws', () => {
      throw Object.assign(new Error('thrown'), { status: 418, expose: true });
    });
    app.get('/rejects', async () => {
      throw new Error('rejected');
    });
    app.get(
      '/route',
      (_, __, next) => next('route'),
      (_, response) => response.send('skipped'),
    );
    app.get('/route', (_, response) => response.send('next route'));
    app.use((error, _request, response, _next) => response.status(error.status ?? 500).send(error.message));
    return [
      await text(app, '/throws'),
      await text(app, '/rejects'),
      await text(app, '/route'),
      await text(app, '/none'),
    ];
  });
  await probe('mounted routers see base, url and params', async () => {
    const app = express();
    const inner = express.Router({ mergeParams: true });
    inner.get('/items/:item', (request, response) =>
      response.json([request.baseUrl, request.url, request.originalUrl, request.params, request.route.path]),
    );
    const outer = express.Router();
    outer.use('/shelves/:shelf', inner);
    app.use(['/a', '/b'], outer);
    return [await text(app, '/a/shelves/7/items/3?q=1'), await text(app, '/b/shelves/8/items/4')];
  });
  await probe('parameters, query and body are parsed as they were', async () => {
    const app = express();
    app.use(express.json());
    app.param('id', (request, _response, next, id) => {
      request.found = `found ${id}`;
      next();
    });
    app.post('/:id', (request, response) =>
      response.json([request.params, request.query, request.body, request.found]),
    );
    const headers = { 'content-type': 'application/json' };
    return [
      await text(app, '/x?a=1&a=2', { method: 'POST', headers }, '{"n":1}'),
      (await text(app, '/x', { method: 'POST', headers }, '{broken')).status,
    ];
  });
  await probe('an application inside an application keeps its settings and knows its mount', async () => {
    const app = express();
    const inner = express();
    let mounted;
    inner.on('mount', (parent) => {
      mounted = [parent === app, inner.mountpath, inner.path()];
    });
    inner.get('/', (request, response) => response.json([request.app === inner, request.baseUrl]));
    app.use('/inner', inner);
    return [await text(app, '/inner'), mounted];
  });
  await probe('a client that goes away is told as it was', async () => {
    const app = express();
    let closed;
    const gone = new Promise((resolve) => {
      closed = resolve;
    });
    app.get('/', (request, response) => {
      response.write('part');
      request.on('close', () => closed([request.aborted, response.writableEnded, response.destroyed]));
    });
    return serving(http.createServer(app), (url) => {
      const request = http.get(url, (response) => response.once('data', () => request.destroy()));
      request.on('error', () => undefined);
      return gone;
    });
  });
  await probe('streams, redirects and content negotiation answer as they did', async () => {
    const { Readable } = require('node:stream');
    const app = express();
    app.get('/stream', (_, response) => Readable.from(['a', 'b']).pipe(response.type('text')));
    app.get('/redirect', (_, response) => response.redirect(301, '/stream'));
    app.get('/format', (_, response) =>
      response.format({ json: () => response.send({}), text: () => response.send('t') }),
    );
    app.get('/sent', (_, response) => response.sendStatus(204));
    return [
      await text(app, '/stream'),
      await text(app, '/redirect'),
      await text(app, '/format', { headers: { accept: 'text/plain' } }),
      await text(app, '/sent'),
    ];
  });
  await probe('a class may stand on what express exports', async () => {
    const app = express();
    app.request.mine = function () {
      return 'mine';
    };
    app.response.shout = function (words) {
      return this.send(words.toUpperCase());
    };
    app.get('/', (request, response) => response.shout(request.mine()));
    return text(app);
  });
  await probe('a wrapped listen and a listening callback work', async () => {
    const app = express();
    app.get('/', (_, response) => response.send('ok'));
    const server = await new Promise((resolve) => {
      const listening = app.listen(0, '127.0.0.1', function () {
        resolve([listening, this === listening]);
      });
    });
    const answer = await ask(`http://127.0.0.1:${server[0].address().port}`);
    server[0].close();
    return [answer, server[1], server[0].constructor.name];
  });
})();
