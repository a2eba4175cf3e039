import cluster from 'node:cluster';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

if (cluster.isPrimary) {
  const worker = cluster.fork();
  process.on('SIGTERM', () => worker.kill());
  worker.on('exit', () => process.exit());
} else {
  const server = createServer((request, response) => {
    console.log('in a worker');
    response.statusCode = request.url === '/broken' ? 500 : 200;
    response.end('from a worker');
  });
  server.listen(0, '127.0.0.1', () => console.log(`listening ${(server.address() as AddressInfo).port}`));
}
