const http = require('node:http');
const express = require('express');
const CircuitBreaker = require('opossum');
const pino = require('pino');
const { Counter, Histogram, register } = require('prom-client');
const { bankClient, CardDeclined } = require('./bank-client.cjs');

/** @typedef {import('./bank-client.cjs').Payment} Payment */

const log = pino({ name: 'payments' });
const bank = bankClient(process.env.BANK_URL ?? '');

const payments = new Counter({
  name: 'shop_payments_total',
  help: 'Payments by outcome',
  labelNames: ['outcome'],
});
const paymentAmount = new Histogram({
  name: 'shop_payment_amount_euros',
  help: 'Amount of accepted payments',
  buckets: [10, 25, 50, 100, 250, 500, 1000, 2500],
});

const breaker = new CircuitBreaker((/** @type {Payment} */ payment) => bank.charge(payment), {
  name: 'bank',
  timeout: 1_000,
  errorThresholdPercentage: 50,
  volumeThreshold: 4,
  rollingCountTimeout: 10_000,
  resetTimeout: 5_000,
  // A declined card is an answer, not a failure of the bank.
  errorFilter: (error) => error instanceof CardDeclined,
});
breaker.on('open', () => log.warn('the bank does not answer, payments are refused for now'));
breaker.on('close', () => log.info('the bank answers again'));

const app = express();
app.use(express.json());

app.get('/healthz', (_request, response) => {
  response.json({ status: 'ok' });
});

app.get('/metrics', async (_request, response) => {
  response.type(register.contentType).send(await register.metrics());
});

app.post('/payments', async (request, response) => {
  const { orderId, amountCents, card } = request.body;
  try {
    const { chargeId } = await breaker.fire({ orderId, amountCents, card });
    payments.inc({ outcome: 'accepted' });
    paymentAmount.observe(amountCents / 100);
    log.info({ orderId, amountCents, chargeId }, 'payment taken');
    response.status(201).json({ paymentId: chargeId });
  } catch (error) {
    if (error instanceof CardDeclined) {
      payments.inc({ outcome: 'declined' });
      log.info({ orderId, amountCents }, 'card declined');
      response.status(402).json({ reason: error.message });
      return;
    }
    payments.inc({ outcome: 'failed' });
    log.error({ orderId, err: error }, 'payment could not be taken');
    response.status(503).json({ reason: 'the bank does not answer' });
  }
});

app.post('/payments/:id/refund', async (request, response) => {
  try {
    await bank.refund(request.params.id);
    payments.inc({ outcome: 'refunded' });
    log.info({ paymentId: request.params.id }, 'payment refunded');
    response.json({ paymentId: request.params.id });
  } catch (error) {
    log.error({ paymentId: request.params.id, err: error }, 'refund failed');
    response.status(503).json({ reason: 'the bank does not answer' });
  }
});

const server = http.createServer(app);
server.listen(Number(process.env.PORT), '127.0.0.1', () => log.info(`payments listens on ${process.env.PORT}`));

process.once('SIGTERM', () => {
  breaker.shutdown();
  bank.close();
  server.close();
  server.closeAllConnections();
});
