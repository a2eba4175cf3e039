import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import log4js from 'log4js';

log4js.addLayout('json', () => (event) => JSON.stringify({ level: event.level.levelStr, msg: event.data[0] }));
log4js.configure({
  appenders: { json: { type: 'stdout', layout: { type: 'json' } }, plain: { type: 'stdout' } },
  categories: { default: { appenders: ['json'], level: 'info' }, plain: { appenders: ['plain'], level: 'info' } },
});
const log = log4js.getLogger();
const server = createServer((_request, response) => {
  log.info('said at info', { order: 7 });
  log.debug('never said');
  log.error('said at error', new RangeError('out of stock'));
  response.end();
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`listening ${(server.address() as AddressInfo).port}\n`);
});
