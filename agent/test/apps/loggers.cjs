// One request, answered after each logger wrote one line about it.
const http = require('node:http');
const pino = require('pino');
const winston = require('winston');
const bunyan = require('bunyan');

const p = pino({ redact: ['password'], base: { pid: 1 } });
const w = winston.createLogger({
  level: 'info',
  format: winston.format.json(),
  transports: [new winston.transports.Console()],
});
const plain = winston.createLogger({ format: winston.format.simple(), transports: [new winston.transports.Console()] });
const b = bunyan.createLogger({ name: 'app' });

const server = http.createServer((request, response) => {
  p.child({ component: 'child' }).info({ password: 'secret', order: 7 }, 'by pino');
  p.error(new Error('broken by pino'), 'pino error');
  w.info('by winston', { order: 7 });
  w.debug('never written');
  plain.warn('by plain winston');
  b.info({ order: 7 }, 'by bunyan');
  console.log('by %s', 'console', { deep: 1 });
  console.error('console error');
  response.end('done');
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`listening ${server.address().port}\n`));
process.on('SIGTERM', () => server.close(() => process.exit(0)));
