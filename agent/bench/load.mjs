import { Agent, request } from 'node:http';
import { connect } from 'node:http2';
import { performance } from 'node:perf_hooks';

const CONNECTIONS = 8;

/**
 * `count` requests over eight connections (HTTP/2: eight streams of one), each as soon as the one before is answered.
 * @returns {Promise<{ perSecond: number, p99Ms: number }>}
 */
export async function load(port, count, isHttp2) {
  const { one, close } = isHttp2 ? overHttp2(port) : overHttp1(port);
  const took = [];
  let left = count;
  const client = async () => {
    while (left-- > 0) {
      const start = performance.now();
      await one();
      took.push(performance.now() - start);
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: CONNECTIONS }, client));
  const seconds = (performance.now() - start) / 1000;
  close();
  took.sort((left, right) => left - right);
  return { perSecond: count / seconds, p99Ms: took[Math.floor(took.length * 0.99)] ?? 0 };
}

function overHttp1(port) {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const one = () =>
    new Promise((resolve, reject) => {
      const outgoing = request({ host: '127.0.0.1', port, path: '/orders/7', agent }, (response) => {
        response.resume();
        response.on('end', resolve);
      });
      outgoing.on('error', reject);
      outgoing.end();
    });
  return { one, close: () => agent.destroy() };
}

function overHttp2(port) {
  const session = connect(`http://127.0.0.1:${port}`);
  const one = () =>
    new Promise((resolve, reject) => {
      const stream = session.request({ ':path': '/orders/7' });
      stream.on('error', reject);
      stream.on('close', resolve);
      stream.resume();
      stream.end();
    });
  return { one, close: () => session.close() };
}
