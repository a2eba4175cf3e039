const { once, EventEmitter } = require('node:events');
const http = require('node:http');
const https = require('node:https');
const http2 = require('node:http2');
const { Readable } = require('node:stream');
const util = require('node:util');
const { ask, probe, serving, shape } = require('./probe.cjs');

const signals = ['SIGUSR1', 'SIGUSR2', 'SIGPIPE'];
const events = ['uncaughtException', 'unhandledRejection', 'warning', 'beforeExit', 'message', 'disconnect'];

void (async () => {
  await probe('functions of node:http look as they did', () =>
    [http.request, http.get, http.createServer, https.request, https.get, http2.connect, http2.createServer, fetch].map(
      (fn) => [fn.name, fn.length],
    ),
  );
  await probe('node:http has the same properties', () => [
    Object.keys(http),
    Object.keys(https),
    Object.isFrozen(http),
  ]);
  await probe('ESM sees the functions that CommonJS sees', async () => {
    const esm = await import('node:http');
    return [esm.request === http.request, esm.get === http.get, esm.default === http, esm.Server === http.Server];
  });
  await probe('constructors look as they did', () =>
    [http.Server, http.ClientRequest, http.IncomingMessage, http.ServerResponse, http.Agent].map((fn) => [
      fn.name,
      fn.length,
      Object.getPrototypeOf(fn.prototype) === null ? null : Object.getPrototypeOf(fn.prototype).constructor.name,
    ]),
  );
  // `emit` of servers and responses is the one key of ours.
  await probe('prototypes have the same keys', () =>
    [http.Server, http.ClientRequest, http.ServerResponse, EventEmitter].map((fn) =>
      Reflect.ownKeys(fn.prototype)
        .map(String)
        .filter((key) => ![http.Server, http.ServerResponse].includes(fn) || key !== 'emit'),
    ),
  );
  await probe('no listener is added where behaviour hangs on it', () =>
    [...signals, ...events].map((event) => [event, process.listenerCount(event)]),
  );
  await probe('requests and responses of a server have no listener more', () =>
    serving((...both) => {
      const listeners = both.map((one) => one.eventNames().map((name) => [String(name), one.listenerCount(name)]));
      both[1].end(JSON.stringify(listeners));
    }, ask),
  );
  await probe('a server is an instance, its subclass too, and requests are', () =>
    serving(
      new (class Mine extends http.Server {
        constructor() {
          super((request, response) => {
            response.end(String(request instanceof http.IncomingMessage && response instanceof http.ServerResponse));
          });
          this.mine = true;
        }
      })(),
      async (url, server) => [server instanceof http.Server, server.constructor.name, server.mine, await ask(url)],
    ),
  );
  await probe('own classes of request and response are used', () => {
    class MyRequest extends http.IncomingMessage {
      get mine() {
        return 'mine';
      }
    }
    class MyResponse extends http.ServerResponse {
      answer(text) {
        this.end(text);
      }
    }
    const server = http.createServer({ IncomingMessage: MyRequest, ServerResponse: MyResponse }, (request, response) =>
      response.answer(`${request.constructor.name} ${response.constructor.name} ${request.mine}`),
    );
    return serving(server, (url) => ask(url));
  });
  await probe('listeners are called in order with server as this', () =>
    serving(http.createServer(), async (url, server) => {
      const order = [];
      server.on('request', function () {
        order.push(['first', this === server]);
      });
      server.on('request', (request, response) => {
        order.push(['second', server.listenerCount('request')]);
        response.end('done');
      });
      server.prependListener('request', () => order.push(['zeroth']));
      await ask(url);
      return order;
    }),
  );
  await probe('emit answers whether anybody listened', () => {
    const server = http.createServer();
    return [server.emit('request', {}, {}), server.emit('nothing'), server.rawListeners('request').length];
  });
  await probe('a listener that throws ends where it did', async () => {
    const server = http.createServer(() => {
      throw new RangeError('in the listener');
    });
    const caught = new Promise((resolve) =>
      process.once('uncaughtException', (error, origin) => resolve([error.message, origin])),
    );
    return serving(server, async (url) => {
      const failed = ask(url).catch((error) => error.code);
      const seen = await caught;
      server.closeAllConnections();
      return [seen, await failed];
    });
  });
  await probe('headers written in every way arrive as written', () =>
    serving(
      (request, response) => {
        if (request.url === '/array') response.writeHead(201, 'Made', ['X-One', '1', 'X-Two', '2']);
        else if (request.url === '/object') response.writeHead(202, { 'X-Three': ['3', '4'] });
        else {
          response.setHeader('X-Case', 'Kept');
          response.statusMessage = 'Fine';
        }
        response.end(JSON.stringify(response.getHeaderNames()));
      },
      async (url) => {
        const raw = (path) =>
          new Promise((resolve) =>
            http.get(url + path, (response) => {
              response.resume();
              const names = response.rawHeaders.filter((_, i) => i % 2 === 0);
              resolve([response.statusCode, response.statusMessage, names]);
            }),
          );
        return [await raw('/array'), await raw('/object'), await raw('/plain')];
      },
    ),
  );
  await probe('a request may be given as url, options, both, with and without callback', () =>
    serving(
      (request, response) => response.end(`${request.method} ${request.url}`),
      async (url) => {
        const { port } = new URL(url);
        const text = async (request) => {
          const [response] = await once(request, 'response');
          return Buffer.concat(await response.toArray()).toString();
        };
        return [
          await text(http.get(url)),
          await text(http.get(new URL('/url', url))),
          await text(http.get({ host: '127.0.0.1', port, path: '/options' })),
          await text(http.get(url, { path: '/both' })),
          await text(http.request(url, { method: 'PUT' }).end()),
          await text(new http.ClientRequest({ host: '127.0.0.1', port, path: '/class' }).end()),
        ];
      },
    ),
  );
  await probe('what a request refuses it refuses in the same words', () =>
    Promise.all(
      ['not a url', { path: '/a b' }, { method: 'B AD' }, { headers: { 'x y': '1' } }, { protocol: 'ftp:' }].map(
        (options) => ask(options).catch((error) => [error.name, error.code]),
      ),
    ),
  );
  await probe('options and headers given by the application are not changed', () =>
    serving(
      (_, response) => response.end(),
      async (url) => {
        const options = Object.freeze({ headers: Object.freeze({ 'x-mine': '1' }) });
        await ask(url, options);
        const list = Object.freeze(['x-mine', '1', 'host', 'me']);
        await ask(url, { headers: list });
        return [Object.keys(options.headers), list];
      },
    ),
  );
  await probe('an unread response keeps nothing waiting, a destroyed request tells once', () =>
    serving(
      (_, response) => response.write('part'),
      async (url) => {
        const request = http.get(url);
        const told = [];
        for (const event of ['abort', 'error', 'close']) request.on(event, () => told.push(event));
        const [response] = await once(request, 'response');
        response.on('error', (error) => told.push(error.code));
        response.on('aborted', () => told.push('aborted'));
        request.destroy();
        await once(request, 'close');
        return told;
      },
    ),
  );
  await probe('time-outs and abort signals end a request as they did', () =>
    serving(
      () => undefined,
      async (url) => [
        await ask(url, { signal: AbortSignal.timeout(20) }).catch((error) => [error.name, error.code]),
        await new Promise((resolve) => {
          const request = http.get(url, { timeout: 20 });
          request.on('timeout', () => request.destroy(new Error('mine')));
          request.on('error', (error) => resolve(error.message));
        }),
        await fetch(url, { signal: AbortSignal.timeout(20) }).catch((error) => error.name),
      ],
    ),
  );
  await probe('an error nobody listens to is thrown', async () => {
    const caught = new Promise((resolve) => process.once('uncaughtException', (error) => resolve(error.code)));
    http.get('http://127.0.0.1:1/');
    return caught;
  });
  await probe('connections are kept alive', () =>
    serving(
      (request, response) => response.end(String(request.socket.remotePort)),
      async (url) => {
        const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
        const ports = [await ask(url, { agent }), await ask(url, { agent }), await ask(url, { agent })].map(
          ({ text }) => text,
        );
        agent.destroy();
        return new Set(ports).size;
      },
    ),
  );
  await probe('streams of bodies flow with pauses and trailers', () =>
    serving(
      (request, response) => {
        response.setHeader('trailer', 'x-sum');
        request.on('end', () => {
          response.addTrailers({ 'x-sum': '3' });
          response.end();
        });
        request.pipe(response, { end: false });
      },
      async (url) => {
        const request = http.request(url, { method: 'POST' });
        Readable.from(['a', 'b', 'c']).pipe(request);
        const [response] = await once(request, 'response');
        const text = Buffer.concat(await response.toArray()).toString();
        return [text, response.trailers];
      },
    ),
  );
  await probe('continue, upgrade and connect find their listeners', () =>
    serving(http.createServer(), async (url, server) => {
      const told = [];
      server.on('checkContinue', (_, response) => {
        told.push('checkContinue');
        response.writeContinue();
        response.end('ok');
      });
      server.on('upgrade', (_, socket) => {
        told.push('upgrade');
        socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: mine\r\n\r\n');
      });
      server.on('connect', (_, socket) => {
        told.push('connect');
        socket.end('HTTP/1.1 200 OK\r\n\r\n');
      });
      await ask(url, { headers: { expect: '100-continue' } });
      const upgrading = http.get(url, { headers: { connection: 'Upgrade', upgrade: 'mine' } });
      const [, socket] = await once(upgrading, 'upgrade');
      socket.destroy();
      const connecting = http.request(url, { method: 'CONNECT', path: 'a:1' }).end();
      const [, tunnel] = await once(connecting, 'connect');
      tunnel.destroy();
      return told;
    }),
  );
  await probe('fetch answers, streams, redirects and refuses as it did', () =>
    serving(
      (request, response) => {
        if (request.url === '/redirect') return response.writeHead(302, { location: '/end' }).end();
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ url: request.url, method: request.method }));
      },
      async (url) => [
        await (await fetch(`${url}/redirect`)).json(),
        (await fetch(`${url}/redirect`, { redirect: 'manual' })).status,
        await (await fetch(new Request(url, { method: 'POST', body: 'x' }))).json(),
        await fetch('http://127.0.0.1:1/').catch((error) => [error.name, error.message, error.cause.code]),
        await fetch('nonsense:').catch((error) => [error.name, error.message]),
      ],
    ),
  );
  await probe('what is patched into EventEmitter later is met by servers, requests and responses', async () => {
    const { prototype } = EventEmitter;
    const { emit } = prototype;
    const met = new Set();
    prototype.emit = function (event, ...args) {
      if (this instanceof http.Server || this instanceof http.IncomingMessage || this instanceof http.ServerResponse)
        met.add(`${this.constructor.name} ${String(event)}`);
      return emit.call(this, event, ...args);
    };
    try {
      await serving((_, response) => response.end('x'), ask);
    } finally {
      prototype.emit = emit;
    }
    return [...met].toSorted();
  });
  await probe('connect of http2 can be promised', async () => {
    const server = http2.createServer((_request, response) => response.end());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${server.address().port}`;
    const session = await util.promisify(http2.connect)(url);
    const found = [session.constructor.name, session.listenerCount('error')];
    session.close();
    await new Promise((resolve) => void server.close(resolve));
    const refused = await util
      .promisify(http2.connect)(url)
      .catch((error) => error.code);
    return [found, refused];
  });
  await probe('http2 serves and asks', async () => {
    const server = http2.createServer((request, response) => response.end(`${request.method} ${request.url}`));
    server.listen(0);
    await once(server, 'listening');
    const session = http2.connect(`http://127.0.0.1:${server.address().port}`);
    const stream = session.request({ ':path': '/two' });
    stream.setEncoding('utf8');
    const text = (await stream.toArray()).join('');
    session.close();
    server.close();
    return [text, server.constructor.name, shape(session.request).length];
  });
  await probe('AsyncLocalStorage of the application is its own', async () => {
    const { AsyncLocalStorage } = require('node:async_hooks');
    const storage = new AsyncLocalStorage();
    return serving(
      (_, response) => storage.run('inside', () => setTimeout(() => response.end(String(storage.getStore())), 1)),
      async (url) => [await ask(url), String(storage.getStore())],
    );
  });
  await probe('promisified and bound functions work', () =>
    serving(
      (_, response) => response.end('x'),
      async (url) => {
        const get = http.get.bind(http);
        const later = util.promisify((u, done) =>
          get(u, (response) => response.resume() && done(null, response.statusCode)),
        );
        return later(url);
      },
    ),
  );
  await probe('console writes what it wrote', () => {
    const written = [];
    const write = process.stdout.write;
    process.stdout.write = (text) => written.push(text);
    console.log('a %s %o', 'b', { c: 1 });
    console.table([{ a: 1 }]);
    console.group('g');
    console.info('inside');
    console.groupEnd();
    process.stdout.write = write;
    return [
      written,
      ...['log', 'error', 'info', 'warn', 'debug'].map((name) => [console[name].name, console[name].length]),
    ];
  });
  await probe('timers, microtasks and events come in the same order', async () => {
    const order = [];
    setTimeout(() => order.push('timeout'));
    setImmediate(() => order.push('immediate'));
    process.nextTick(() => order.push('tick'));
    queueMicrotask(() => order.push('microtask'));
    void Promise.resolve().then(() => order.push('promise'));
    await new Promise((resolve) => setTimeout(resolve, 20));
    return [order.slice(0, 3), order.length];
  });
  await probe('nothing of ours keeps the process alive', () =>
    process.getActiveResourcesInfo().filter((kind) => !/Pipe|TTY|FS|Timeout|TCP|Immediate|Micro/.test(kind)),
  );
})();
