import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const server = createServer((request, response) => void serve(request, response));
async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { port } = server.address() as AddressInfo;
  const call = (to: number, path: string): Promise<number> =>
    fetch(`http://127.0.0.1:${to}${path}`, { headers: { accept: 'text/plain' } }).then(async (answer) => {
      await answer.text();
      return answer.status;
    });
  if (request.url === '/work') {
    console.log('working');
    response.end(String(await call(port, '/inner?token=secret')));
  } else if (request.url === '/missing') {
    response.statusCode = await call(port, '/status/404');
    response.end();
  } else if (request.url === '/refused') {
    response.statusCode = await call(2, '/').catch(() => 502);
    response.end();
  } else {
    response.statusCode = Number(/\/status\/(\d+)/.exec(request.url ?? '')?.[1] ?? 200);
    response.end('inner');
  }
}
server.listen(0, '127.0.0.1', () => console.log(`listening ${(server.address() as AddressInfo).port}`));
