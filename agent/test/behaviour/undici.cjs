const { Agent, Client, MockAgent, Pool, fetch: undiciFetch, request, stream } = require('undici');
const { Writable } = require('node:stream');
const { probe, serving } = require('./probe.cjs');

const echo = (incoming, response) => {
  if (incoming.url === '/never') return;
  incoming.pipe(response.writeHead(incoming.url === '/missing' ? 404 : 200, { 'x-method': incoming.method }));
};

void (async () => {
  await probe('request, pool, client and stream answer as they did', () =>
    serving(echo, async (url) => {
      const pool = new Pool(url, { connections: 1 });
      const client = new Client(url);
      const parts = [];
      const plain = await request(url, { method: 'POST', body: 'a' });
      const pooled = await pool.request({ path: '/', method: 'PUT', body: 'b' });
      const single = await client.request({ path: '/missing', method: 'GET' });
      await stream(url, { method: 'POST', body: 'c' }, ({ statusCode }) => {
        parts.push(statusCode);
        return new Writable({ write: (part, _, done) => done(null, parts.push(String(part))) });
      });
      const seen = [
        [plain.statusCode, plain.headers['x-method'], await plain.body.text()],
        [pooled.statusCode, await pooled.body.text()],
        [single.statusCode, await single.body.text()],
        parts,
      ];
      await Promise.all([pool.close(), client.close()]);
      return seen;
    }),
  );
  await probe('errors and time-outs have the names they had', () =>
    serving(echo, async (url) => [
      await request('http://127.0.0.1:1').catch((error) => [error.name, error.code]),
      await request(`${url}/never`, { headersTimeout: 20, dispatcher: new Agent({ headersTimeout: 20 }) }).catch(
        (error) => [error.name, error.code],
      ),
      await request(`${url}/never`, { signal: AbortSignal.timeout(20) }).catch((error) => error.name),
      await request('nonsense').catch((error) => error.code),
    ]),
  );
  await probe('interceptors run in their order and see the same requests', () =>
    serving(echo, async (url) => {
      const order = [];
      const agent = new Agent().compose(
        (dispatch) => (options, handler) => {
          order.push(['outer', options.path, options.method]);
          return dispatch(options, handler);
        },
        (dispatch) => (options, handler) => {
          order.push(['inner']);
          return dispatch(options, handler);
        },
      );
      const answer = await request(url, { dispatcher: agent });
      await answer.body.dump();
      await agent.close();
      return order;
    }),
  );
  await probe('a mock agent still mocks', async () => {
    const mock = new MockAgent();
    mock.disableNetConnect();
    mock.get('http://mocked.test').intercept({ path: '/a' }).reply(203, { mocked: true });
    const answer = await request('http://mocked.test/a', { dispatcher: mock });
    const refused = await request('http://mocked.test/b', { dispatcher: mock }).catch((error) => error.code);
    return [answer.statusCode, await answer.body.json(), refused];
  });
  await probe('fetch of the package answers as it did', () =>
    serving(echo, async (url) => {
      const answer = await undiciFetch(url, { method: 'POST', body: 'f', duplex: 'half' });
      return [answer.status, await answer.text(), answer.redirected, answer.type];
    }),
  );
})();
