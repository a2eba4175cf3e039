import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pino from 'pino';

const log = pino({ redact: ['password'] });
const server = createServer((_request, response) => {
  log.child({ component: 'child' }).info({ password: 'secret', order: 7 }, 'said at info');
  log.error(new RangeError('out of stock'), 'said at error');
  response.end();
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`listening ${(server.address() as AddressInfo).port}\n`);
});
