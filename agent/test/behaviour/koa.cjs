const http = require('node:http');
const Koa = require('koa');
const Router = require('@koa/router');
const { ask, probe, serving } = require('./probe.cjs');

const text = (app, path = '/', options = {}) =>
  serving(http.createServer(app.callback()), (url) => ask(url + path, options));
const quiet = () => {
  const app = new Koa();
  app.silent = true;
  return app;
};

void (async () => {
  await probe('application and router look as they did', () => {
    const app = new Koa();
    const router = new Router();
    return [
      Koa.name,
      Koa.length,
      Object.keys(app).toSorted(),
      Router.name,
      Object.keys(router).toSorted(),
      app.callback().length,
    ];
  });
  await probe('middleware is an onion', async () => {
    const order = [];
    const app = quiet();
    for (const name of ['a', 'b', 'c'])
      app.use(async (ctx, next) => {
        order.push(name);
        await next();
        order.push(name.toUpperCase());
        ctx.body = order.join('');
      });
    return [await text(app), app.middleware.map((fn) => [fn.name, fn.length])];
  });
  await probe('errors go to the application and to the client', async () => {
    const told = [];
    const app = quiet();
    app.on('error', (error, ctx) => told.push([error.message, ctx.path]));
    app.use((ctx) => {
      if (ctx.path === '/expose') ctx.throw(418, 'teapot');
      throw new Error('hidden');
    });
    return [await text(app, '/expose'), await text(app, '/hidden'), told];
  });
  await probe('a subclass and an extended context are used', async () => {
    class Mine extends Koa {
      createContext(request, response) {
        const ctx = super.createContext(request, response);
        ctx.mine = 'mine';
        return ctx;
      }
    }
    const app = new Mine();
    app.context.shout = function () {
      return this.mine.toUpperCase();
    };
    app.use((ctx) => {
      ctx.body = ctx.shout();
    });
    return [await text(app), app instanceof Koa];
  });
  await probe('routes, parameters, prefixes and methods answer as they did', async () => {
    const app = quiet();
    const inner = new Router();
    inner.get('item', '/items/:item', (ctx) => {
      ctx.body = [ctx.params, ctx._matchedRoute, ctx._matchedRouteName, ctx.path];
    });
    const outer = new Router({ prefix: '/api' });
    outer.use('/shelves/:shelf', inner.routes());
    app.use(outer.routes()).use(outer.allowedMethods());
    return [
      await text(app, '/api/shelves/7/items/3'),
      await text(app, '/api/shelves/7/items/3', { method: 'DELETE' }),
      await text(app, '/none'),
      inner.url('item', { item: 3 }),
    ];
  });
  await probe('bodies of every kind are sent', async () => {
    const { Readable } = require('node:stream');
    const bodies = {
      '/json': { a: 1 },
      '/buffer': Buffer.from('b'),
      '/stream': Readable.from(['c']),
      '/text': 't',
      '/empty': null,
    };
    const app = quiet();
    app.use((ctx) => {
      ctx.body = bodies[ctx.path];
    });
    return Promise.all(Object.keys(bodies).map((path) => text(app, path)));
  });
})();
