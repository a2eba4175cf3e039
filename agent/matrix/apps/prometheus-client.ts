import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import prom from '@prometheus-io/client';

const orders = new prom.Counter({ name: 'orders_total', help: 'Orders.', labelNames: ['kind'] });
const stock = new prom.Gauge({ name: 'stock', help: 'Stock.', registers: [new prom.Registry()] });
const sizes = new prom.Histogram({ name: 'sizes', help: 'Sizes.', buckets: [1, 10] });
const waits = new prom.Summary({ name: 'waits', help: 'Waits.', percentiles: [0.5] });
const server = createServer((_request, response) => {
  orders.inc({ kind: 'new' }, 2);
  stock.set(5);
  for (const size of [0.5, 5, 50]) sizes.observe(size);
  waits.observe(3);
  console.log('counted');
  response.end();
});
server.listen(0, '127.0.0.1', () => console.log(`listening ${(server.address() as AddressInfo).port}`));
