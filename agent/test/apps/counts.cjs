// Counts with prom-client and with the OpenTelemetry API.
const http = require('node:http');
const prom = require('prom-client');
const { metrics } = require('@opentelemetry/api');

const orders = new prom.Counter({ name: 'orders_total', help: 'Orders.', labelNames: ['kind'] });
const stock = new prom.Gauge({ name: 'stock', help: 'Stock.', registers: [new prom.Registry()] });
const sizes = new prom.Histogram({ name: 'sizes', help: 'Sizes.', buckets: [1, 10] });
const meter = metrics.getMeter('app', '1');
const api = meter.createCounter('api.count', { unit: '{thing}' });
meter.createObservableGauge('api.level').addCallback((result) => result.observe(42, { place: 'here' }));
const times = meter.createHistogram('api.time', { unit: 's' });

const server = http.createServer((request, response) => {
  orders.inc({ kind: 'new' }, 2);
  stock.set(5);
  for (const size of [0.5, 5, 50]) sizes.observe(size);
  api.add(3, { colour: 'red' });
  times.record(0.2);
  response.end();
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`listening ${server.address().port}\n`));
process.on('SIGTERM', () => process.exit(0));
