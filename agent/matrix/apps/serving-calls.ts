import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A server that calls itself: what applications of clients of HTTP have alike.
 * @param call resolves with the status of the answer, once all of it is there
 */
export function serveCalls(call: (url: string, headers: Record<string, string>) => Promise<number>): void {
  const server = createServer((request, response) => void serve(request, response));
  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { port } = server.address() as AddressInfo;
    const send = (to: number, path: string): Promise<number> =>
      call(`http://127.0.0.1:${to}${path}`, { accept: 'text/plain' });
    if (request.url === '/work') {
      console.log('working');
      response.end(String(await send(port, '/inner?token=secret')));
    } else if (request.url === '/missing') {
      response.statusCode = await send(port, '/status/404');
      response.end();
    } else if (request.url === '/refused') {
      response.statusCode = await send(2, '/').catch(() => 502);
      response.end();
    } else {
      response.statusCode = Number(/\/status\/(\d+)/.exec(request.url ?? '')?.[1] ?? 200);
      response.end('inner');
    }
  }
  server.listen(0, '127.0.0.1', () => console.log(`listening ${(server.address() as AddressInfo).port}`));
}
