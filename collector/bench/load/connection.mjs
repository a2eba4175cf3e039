import { once } from 'node:events';
import { connect } from 'node:net';

/**
 * One keep-alive connection of a sender. Written on the socket itself, because the sender shares the cores with what is
 * measured and a client of the library costs more than many a request.
 */
export async function openConnection(port, path, gzip) {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  await once(socket, 'connect');
  const head = `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-protobuf\r\n${gzip ? 'Content-Encoding: gzip\r\n' : ''}Content-Length: `;
  let answer = '';
  let settle = null;
  socket.on('data', (chunk) => {
    answer += chunk.toString('latin1');
    const end = answer.indexOf('\r\n\r\n');
    if (end === -1) return;
    const length = Number(/content-length: *(\d+)/i.exec(answer.slice(0, end))?.[1] ?? 0);
    if (answer.length < end + 4 + length) return;
    const status = Number(answer.slice(9, 12));
    answer = '';
    settle.resolve(status);
  });
  const fail = (error) => settle?.reject(error ?? new Error('the connection was closed'));
  socket.on('error', fail);
  socket.on('close', () => fail());
  return {
    /** Resolves with the status of the answer. */
    post(body) {
      return new Promise((resolve, reject) => {
        settle = { resolve, reject };
        socket.cork();
        socket.write(`${head}${body.length}\r\n\r\n`, 'latin1');
        socket.write(body);
        socket.uncork();
      });
    },
    close() {
      settle = null;
      socket.destroy();
    },
  };
}
