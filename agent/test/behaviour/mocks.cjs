// Libraries that replace parts of Node for tests, used on top of whatever runs already.
const http = require('node:http');
const nock = require('nock');
const sinon = require('sinon');
const { http: route, HttpResponse } = require('msw');
const { setupServer } = require('msw/node');
const { ask, probe, serving } = require('./probe.cjs');

void (async () => {
  await probe('nock answers for http and fetch, refuses the rest and lets go', async () => {
    nock.disableNetConnect();
    nock('http://mocked.test').get('/a').reply(203, { mocked: true }).post('/b', { n: 1 }).reply(201, 'made');
    const seen = [
      await ask('http://mocked.test/a'),
      await (
        await fetch('http://mocked.test/b', {
          method: 'POST',
          body: '{"n":1}',
          headers: { 'content-type': 'application/json' },
        })
      ).text(),
      await ask('http://mocked.test/c').catch((error) => error.code),
      nock.isDone(),
    ];
    nock.cleanAll();
    nock.enableNetConnect();
    nock.restore();
    return [
      ...seen,
      await serving(
        (_, response) => response.end('real'),
        (url) => ask(url),
      ),
    ];
  });
  await probe('msw answers for http and fetch and lets go', async () => {
    const requests = [];
    const server = setupServer(
      route.get('http://mocked.test/a', ({ request }) => {
        requests.push([request.method, request.url]);
        return HttpResponse.json({ mocked: true }, { status: 203 });
      }),
    );
    server.listen({ onUnhandledRequest: 'bypass' });
    const seen = [await ask('http://mocked.test/a'), await (await fetch('http://mocked.test/a')).json()];
    server.close();
    return [
      seen,
      requests,
      await serving(
        (_, response) => response.end('real'),
        (url) => ask(url),
      ),
    ];
  });
  await probe('sinon stubs, spies and restores what node:http exports', async () => {
    const before = http.request;
    const stub = sinon.stub(http, 'request').returns('stubbed');
    const stubbed = http.request('http://nowhere.test');
    stub.restore();
    const spy = sinon.spy(http, 'get');
    const answer = await serving(
      (_, response) => response.end('real'),
      async (url) => {
        await new Promise((resolve) => http.get(url, (response) => response.resume().on('end', resolve)));
        return spy.callCount;
      },
    );
    spy.restore();
    return [stubbed, stub.calledOnce, answer, http.request === before];
  });
  await probe('fake timers stop time for the application and give it back', async () => {
    const clock = sinon.useFakeTimers({ now: 1_000_000 });
    let rang = false;
    setTimeout(() => {
      rang = true;
    }, 60_000);
    const early = rang;
    clock.tick(60_000);
    const seen = [early, rang, Date.now()];
    clock.restore();
    return [...seen, Date.now() > 1_700_000_000_000];
  });
})();
