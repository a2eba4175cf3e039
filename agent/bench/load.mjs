import { connect } from 'node:http2';
import { createConnection } from 'node:net';
import { performance } from 'node:perf_hooks';

const CONNECTIONS = 8;
const PATH = '/orders/7';

/**
 * `count` requests over eight connections (HTTP/2: eight streams of one), each as soon as the one before is answered.
 * @returns {Promise<{ perSecond: number, p99Ms: number }>}
 * @throws when a connection breaks or an answer is not 200
 */
export async function load(port, count, isHttp2) {
  const { asks, close } = isHttp2 ? overHttp2(port) : overHttp1(port);
  const took = [];
  let left = count;
  const client = async (ask) => {
    while (left-- > 0) {
      const start = performance.now();
      await ask();
      took.push(performance.now() - start);
    }
  };
  const start = performance.now();
  try {
    await Promise.all(asks.map(client));
  } finally {
    close();
  }
  const seconds = (performance.now() - start) / 1000;
  took.sort((left, right) => left - right);
  return { perSecond: count / seconds, p99Ms: took[Math.floor(took.length * 0.99)] ?? 0 };
}

function overHttp1(port) {
  const connections = Array.from({ length: CONNECTIONS }, () => connection(port));
  return {
    asks: connections.map(({ ask }) => ask),
    close: () => {
      for (const { socket } of connections) socket.destroy();
    },
  };
}

/**
 * A connection that sends bytes made before and looks into an answer only for where it ends: Node's own client takes more
 * time than some of the services that are measured.
 */
function connection(port) {
  const question = Buffer.from(
    `GET ${PATH} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUser-Agent: bench\r\nAccept: */*\r\n\r\n`,
  );
  const socket = createConnection({ port, host: '127.0.0.1', noDelay: true });
  let waiting;
  let answer = '';
  const settle = (error) => {
    const { resolve, reject } = waiting ?? {};
    waiting = undefined;
    answer = '';
    if (error === undefined) resolve?.();
    else reject?.(error);
  };
  socket.setEncoding('latin1');
  socket.on('data', (part) => {
    answer += part;
    const head = answer.indexOf('\r\n\r\n');
    if (head === -1) return;
    const length = /\r\ncontent-length: (\d+)/i.exec(answer)?.[1];
    if (!answer.startsWith('HTTP/1.1 200') || length === undefined)
      settle(new Error(`answered ${answer.slice(0, 200)}`));
    else if (answer.length >= head + 4 + Number(length)) settle();
  });
  socket.on('error', settle);
  socket.on('close', () => settle(new Error('the service closed the connection')));
  const ask = () =>
    new Promise((resolve, reject) => {
      waiting = { resolve, reject };
      socket.write(question);
    });
  return { socket, ask };
}

function overHttp2(port) {
  const session = connect(`http://127.0.0.1:${port}`);
  // What breaks a connection breaks its streams; those tell.
  session.on('error', () => undefined);
  const ask = () =>
    new Promise((resolve, reject) => {
      const stream = session.request({ ':path': PATH });
      stream.on('response', ({ ':status': status }) => status !== 200 && reject(new Error(`answered ${status}`)));
      stream.on('error', reject);
      stream.on('close', resolve);
      stream.resume();
      stream.end();
    });
  return { asks: Array.from({ length: CONNECTIONS }, () => ask), close: () => session.close() };
}
