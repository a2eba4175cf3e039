// A guarded call that can be made to fail: GET /ok, GET /fail.
const http = require('node:http');
const CircuitBreaker = require('opossum');

const breaker = new CircuitBreaker(
  async (fail) => {
    if (fail) throw Object.assign(new Error('lab is down'), { code: 'ECONNREFUSED' });
    return 'fine';
  },
  { name: 'lab', resetTimeout: 150, errorThresholdPercentage: 50, volumeThreshold: 2, timeout: 1000 },
);

const server = http.createServer(async (request, response) => {
  try {
    response.end(await breaker.fire(request.url === '/fail'));
  } catch (error) {
    response.statusCode = 503;
    response.end(error.code);
  }
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`listening ${server.address().port}\n`));
process.on('SIGTERM', () => process.exit(0));
