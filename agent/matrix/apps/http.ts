import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const call = (port: number, headers: string[] | Record<string, string>): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path: '/inner?token=secret&page=2', headers }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode));
    }).on('error', reject);
  });

const server = createServer((request, response) => void serve(request, response));
async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { port } = server.address() as AddressInfo;
  if (request.url === '/work') {
    console.log('working');
    response.end(String(await call(port, { accept: 'text/plain' })));
  } else if (request.url === '/array') {
    response.end(String(await call(port, ['host', `127.0.0.1:${port}`, 'accept', 'text/plain'])));
  } else if (request.url === '/refused') {
    response.statusCode = await call(1, {}).catch(() => 502);
    response.end();
  } else if (request.url === '/wait') {
    console.log('waiting');
  } else {
    response.end('inner');
  }
}
server.listen(0, '127.0.0.1', () => console.log(`listening ${(server.address() as AddressInfo).port}`));
