import { createServer } from 'node:http';
import { trace } from '@opentelemetry/api';
import pino from 'pino';
import { connectBus } from '../../messages/bus.mjs';
import { cloudEvent } from '../../messages/cloud-event.mjs';
import { topics } from '../../messages/topics.mjs';

const log = pino({ name: 'loyalty' });
const tracer = trace.getTracer('loyalty');
const bus = connectBus(process.env.BROKER_URL ?? '', 'loyalty');

/** @type {Map<string, number>} */
const pointsByCustomer = new Map();

/** @param {{ orderId: string, customer: string, amountCents: number }} order */
function grantPoints({ orderId, customer, amountCents }) {
  return tracer.startActiveSpan('grant points', { attributes: { 'order.id': orderId } }, async (span) => {
    const points = Math.floor(amountCents / 100);
    const total = (pointsByCustomer.get(customer) ?? 0) + points;
    pointsByCustomer.set(customer, total);
    log.info({ orderId, customer, points, total }, 'points granted');
    await bus.publish(
      topics.pointsGranted,
      cloudEvent('/shop/loyalty', 'points.granted', orderId, { orderId, customer, points, total }),
    );
    span.end();
  });
}

bus.subscribe([topics.orderCompleted], (_topic, event) => {
  grantPoints(/** @type {any} */ (event.data)).catch((error) =>
    log.error({ err: error }, 'points could not be granted'),
  );
});

const server = createServer((_request, response) => {
  response.setHeader('content-type', 'application/json');
  response.end('{"status":"ok"}');
});
server.listen(Number(process.env.PORT), '127.0.0.1', () => log.info(`loyalty listens on ${process.env.PORT}`));

process.once('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
  void bus.close();
});
