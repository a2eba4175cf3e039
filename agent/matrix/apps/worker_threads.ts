import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';

if (isMainThread) {
  // GET /<path> is passed on to a server in a worker thread.
  const worker = new Worker(process.argv[1] as string);
  const server = createServer((request, response) => void serve(request, response));
  const inside = once(worker, 'message') as Promise<[number]>;
  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [port] = await inside;
    console.log('passing on');
    const answer = await fetch(`http://127.0.0.1:${port}${request.url}`);
    response.statusCode = answer.status;
    response.end(await answer.text());
  }
  server.listen(0, '127.0.0.1', () => console.log(`listening ${(server.address() as AddressInfo).port}`));
} else {
  const server = createServer((request, response) => {
    console.log('in a thread');
    response.statusCode = request.url === '/broken' ? 500 : 200;
    response.end('from a thread');
  });
  server.listen(0, '127.0.0.1', () => parentPort?.postMessage((server.address() as AddressInfo).port));
}
