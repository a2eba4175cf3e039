import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { trace } from '@opentelemetry/api';
import winston from 'winston';
import { connectBus } from '../../messages/bus.mjs';
import { topics } from '../../messages/topics.mjs';

const log = winston.createLogger({
  format: winston.format.combine(winston.format.timestamp(), winston.format.json()),
  transports: [new winston.transports.Console()],
});
const tracer = trace.getTracer('mail');
const bus = connectBus(process.env.BROKER_URL ?? '', 'mail');

/**
 * @param {string} name what is sent, as in "send thank-you mail"
 * @param {string} orderId
 * @param {string} customer
 * @param {string} subject
 */
function send(name, orderId, customer, subject) {
  return tracer.startActiveSpan(name, { attributes: { 'order.id': orderId } }, async (span) => {
    // The mail server takes its time.
    await delay(20 + Math.random() * 60);
    log.info('e-mail sent', { orderId, customer, subject });
    span.end();
  });
}

bus.subscribe([topics.pointsGranted, topics.orderCancelled], (topic, event) => {
  const { orderId, customer, points } = event.data;
  const sent =
    topic === topics.pointsGranted
      ? send('send thank-you mail', orderId, customer, `Thank you! ${points} points are yours`)
      : send('send apology', orderId, customer, `We are sorry: order ${orderId} could not be filled`);
  sent.catch((error) => log.error('e-mail could not be sent', { orderId, error: error.message }));
});

const server = createServer((_request, response) => {
  response.setHeader('content-type', 'application/json');
  response.end('{"status":"ok"}');
});
server.listen(Number(process.env.PORT), '127.0.0.1', () => log.info(`mail listens on ${process.env.PORT}`));

process.once('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
  void bus.close();
});
