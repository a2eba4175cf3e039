import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import CircuitBreaker from 'opossum';

// Guards calls of the application's own /status; GET /guarded/<status>.
const call = (status: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const { port } = server.address() as AddressInfo;
    get({ host: '127.0.0.1', port, path: `/status/${status}` }, (answer) => {
      answer.resume();
      answer.on('end', () => (answer.statusCode === 200 ? resolve('fine') : reject(new RangeError('broken'))));
    }).on('error', reject);
  });
const breaker = new CircuitBreaker(call, { name: 'lab', resetTimeout: 60_000, errorThresholdPercentage: 40 });
breaker.fallback(() => 'from the cache');
// One call at a time, and none longer than 60 ms.
const narrow = new CircuitBreaker(() => new Promise(() => undefined), {
  name: 'narrow',
  timeout: 60,
  capacity: 1,
  errorThresholdPercentage: 100,
});
const server = createServer((request, response) => {
  const [, , status = '200'] = (request.url ?? '').split('/');
  if (request.url?.startsWith('/status/')) {
    response.statusCode = Number(status);
    response.end();
  } else if (request.url === '/narrow') {
    void Promise.allSettled([narrow.fire(), narrow.fire()]).then((all) =>
      response.end(all.map((one) => one.status).join()),
    );
  } else {
    console.log('guarded %s', status);
    void breaker.fire(status).then((answer) => response.end(answer));
  }
});
server.listen(0, '127.0.0.1', () => console.log(`listening ${(server.address() as AddressInfo).port}`));
