import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import winston from 'winston';

const log = winston.createLogger({
  format: winston.format.combine(winston.format.errors({ stack: true }), winston.format.json()),
  transports: [new winston.transports.Console()],
});
const server = createServer((_request, response) => {
  log.child({ component: 'child' }).info('said at info', { order: 7 });
  log.error(new RangeError('said at error'));
  response.end();
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`listening ${(server.address() as AddressInfo).port}\n`);
});
