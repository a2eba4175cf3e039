import type { IncomingMessage } from 'node:http';
import { connect, createServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import type { AddressInfo } from 'node:net';

const server = createServer((request, response) => void serve(request, response));

const call = (port: number, path: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const session = connect(`http://127.0.0.1:${port}`);
    session.on('error', reject);
    const stream = session.request({ ':path': path, accept: 'text/plain' });
    let status = 0;
    stream.on('response', (headers) => {
      status = Number(headers[':status']);
    });
    stream.on('error', reject);
    stream.resume().on('close', () => {
      session.close();
      resolve(status);
    });
  });

async function serve(request: Http2ServerRequest | IncomingMessage, response: Http2ServerResponse): Promise<void> {
  const { port } = server.address() as AddressInfo;
  if (request.url === '/work') {
    console.log('working');
    response.end(String(await call(port, '/inner?token=secret')));
  } else if (request.url === '/missing') {
    response.statusCode = await call(port, '/status/404');
    response.end();
  } else if (request.url === '/wait') {
    console.log('waiting');
  } else {
    response.statusCode = Number(/\/status\/(\d+)/.exec(request.url ?? '')?.[1] ?? 200);
    response.end('inner');
  }
}
server.listen(0, '127.0.0.1', () => console.log(`listening ${(server.address() as AddressInfo).port}`));
