import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  bulkhead,
  ConsecutiveBreaker,
  circuitBreaker,
  fallback,
  handleAll,
  retry,
  TimeoutStrategy,
  timeout,
  wrap,
} from 'cockatiel';

// Each path goes to the application's own /status/<n> through another policy.
const call = (status: string, signal?: AbortSignal): Promise<string> =>
  new Promise((resolve, reject) => {
    const { port } = server.address() as AddressInfo;
    const path = `/status/${status}`;
    get({ host: '127.0.0.1', port, path, ...(signal === undefined ? {} : { signal }) }, (answer) => {
      answer.resume();
      answer.on('end', () => (answer.statusCode === 200 ? resolve('fine') : reject(new RangeError('broken'))));
    }).on('error', reject);
  });
const named = <P extends object>(name: string, policy: P): P =>
  Object.assign(policy, { [Symbol.for('orrery.policy.name')]: name });

const breaker = named('lab', circuitBreaker(handleAll, { halfOpenAfter: 60_000, breaker: new ConsecutiveBreaker(1) }));
// Open for a moment only: the next call is a probe.
const ward = named('ward', circuitBreaker(handleAll, { halfOpenAfter: 40, breaker: new ConsecutiveBreaker(1) }));
const cached = named('cache', fallback(handleAll, 'from the cache'));
const again = named('again', retry(handleAll, { maxAttempts: 2 }));
const soon = named('soon', timeout(100, TimeoutStrategy.Aggressive));
const narrow = named('narrow', bulkhead(1));
const guarded = wrap(cached, breaker);

const server = createServer((request, response) => void serve(request, response));
async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [, what, status = '200'] = (request.url ?? '').split('/');
  if (what === 'guarded') {
    console.log('guarded %s', status);
    response.end(await guarded.execute(() => call(status)));
  } else if (what === 'ward') {
    await new Promise((resolve) => setTimeout(resolve, 60));
    response.end(await ward.execute(() => call(status)).catch(() => 'broken'));
  } else if (what === 'again') {
    let left = 2;
    response.end(await again.execute(() => call(left-- > 0 ? '503' : '200')));
  } else if (what === 'soon') {
    response.end(await soon.execute(({ signal }) => call('never', signal)).catch(() => 'too late'));
  } else if (what === 'narrow') {
    const calls = await Promise.allSettled([narrow.execute(() => call('200')), narrow.execute(() => call('200'))]);
    response.end(calls.map((result) => result.status).join());
  } else if (status !== 'never') {
    response.statusCode = Number(status);
    response.end();
  }
}
server.listen(0, '127.0.0.1', () => console.log(`listening ${(server.address() as AddressInfo).port}`));
