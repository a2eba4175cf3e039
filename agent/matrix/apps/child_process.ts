import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

if (process.send === undefined && process.argv[2] !== 'short') {
  // GET /<path> is passed on to a server in a forked process; /short is asked of one that ends at once.
  const child = fork(process.argv[1] as string);
  process.on('SIGTERM', () => child.kill());
  child.on('exit', () => process.exit());
  const server = createServer((request, response) => void serve(request, response));
  const inside = once(child, 'message') as Promise<[number]>;
  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [port] = await inside;
    console.log('passing on');
    const answer = await fetch(`http://127.0.0.1:${port}${request.url}`);
    response.statusCode = answer.status;
    response.end(await answer.text());
  }
  server.listen(0, '127.0.0.1', () => console.log(`listening ${(server.address() as AddressInfo).port}`));
} else if (process.argv[2] === 'short') {
  console.log('short work');
} else {
  const server = createServer((request, response) => {
    console.log('in a child');
    response.statusCode = request.url === '/broken' ? 500 : 200;
    if (request.url !== '/short') response.end('from a child');
    else execFile(process.execPath, [...process.execArgv, process.argv[1] as string, 'short'], () => response.end());
  });
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
}
