import { createConnection } from 'node:net';

/** What came back on a socket. */
export interface RawAnswer {
  /** Null when the connection ended without an answer. */
  status: number | null;
  contentType: string;
  ms: number;
}

/** How long a frame that promises more than it holds is left waiting before its side of the connection is ended. */
const LYING_MS = 150;

/** Sends bytes and reads the first answer that is not 100 Continue. */
export function rawExchange(port: number, bytes: Buffer, honest: boolean, timeoutMs: number): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const socket = createConnection({ port, host: '127.0.0.1' });
    let text = '';
    let ending: NodeJS.Timeout | undefined;
    const done = () => {
      clearTimeout(timer);
      clearTimeout(ending);
      socket.destroy();
      const head = text.replace(/^(?:HTTP\/1\.1 100[^\r]*\r\n\r\n)+/, '');
      const status = /^HTTP\/1\.1 (\d{3})/.exec(head)?.[1];
      const contentType = /^content-type: *([^\r\n]*)/im.exec(head.split('\r\n\r\n', 1)[0]!)?.[1] ?? '';
      resolve({ status: status === undefined ? null : Number(status), contentType, ms: performance.now() - began });
    };
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Error(`no answer within ${timeoutMs} ms`));
    }, timeoutMs);
    socket.on('data', (chunk: Buffer) => {
      if (text.length < 65_536) text += chunk.toString('latin1');
    });
    socket.on('end', done);
    socket.on('close', done);
    // Refused in the middle of a lie: whatever was answered has been read by then.
    socket.on('error', done);
    socket.write(bytes);
    // Not at once: Node takes the end of a connection for the end of interest in the answer.
    if (!honest) ending = setTimeout(() => socket.end(), LYING_MS);
  });
}
