import { randomBytes } from 'node:crypto';
import { trace } from '@opentelemetry/api';
import Fastify, { LogController } from 'fastify';
import pg from 'pg';
import { connectBus } from '../../messages/bus.mjs';
import { topics } from '../../messages/topics.mjs';
import { orderSaga } from './order-saga.mjs';
import { orderStore } from './order-store.mjs';
import { partners, StepFailure } from './partners.mjs';

/** How long an order may stand still before it is rolled back. */
const patienceSeconds = Number(process.env.ORDER_PATIENCE_SECONDS ?? 150);

const app = Fastify({ logger: { name: 'orders' }, logController: new LogController({ disableRequestLogging: true }) });
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 4, connectionTimeoutMillis: 3_000 });
pool.on('error', (error) => app.log.warn({ err: error }, 'database connection lost'));
const store = orderStore(pool);
const bus = connectBus(process.env.BROKER_URL ?? '', 'orders');
const saga = orderSaga({
  store,
  bus,
  log: app.log,
  partners: partners({
    inventory: process.env.INVENTORY_URL ?? '',
    payments: process.env.PAYMENTS_URL ?? '',
    shipping: process.env.SHIPPING_URL ?? '',
  }),
});

app.get('/healthz', async () => ({ status: 'ok' }));

const newOrder = {
  type: 'object',
  required: ['customer', 'sku', 'quantity', 'card'],
  properties: {
    customer: { type: 'string', minLength: 1, maxLength: 64 },
    sku: { type: 'string', minLength: 1, maxLength: 64 },
    quantity: { type: 'integer', minimum: 1, maximum: 10_000 },
    card: { type: 'string', minLength: 4, maxLength: 32 },
  },
};

app.post('/orders', { schema: { body: newOrder } }, async (request, reply) => {
  const body = /** @type {{ customer: string, sku: string, quantity: number, card: string }} */ (request.body);
  const id = `o-${randomBytes(5).toString('hex')}`;
  trace.getActiveSpan()?.setAttribute('order.id', id);
  await store.insert({ id, ...body });
  const order = await store.find(id);
  if (!order) return reply.code(500).send({ reason: 'the order was lost' });
  request.log.info({ orderId: id, sku: body.sku, quantity: body.quantity }, 'order accepted');
  try {
    const filled = await saga.fill(order);
    return await reply.code(201).send({ orderId: id, state: filled.state, amountCents: filled.amount_cents });
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    const status = error.kind === 'business' ? 409 : 503;
    return reply.code(status).send({ orderId: id, state: 'cancelled', reason: error.message });
  }
});

app.get('/orders/:id', async (request, reply) => {
  const order = await store.find(/** @type {{ id: string }} */ (request.params).id);
  if (!order) return reply.code(404).send({ reason: 'no such order' });
  const { id, state, sku, quantity, amount_cents, reason } = order;
  return { orderId: id, state, sku, quantity, amountCents: amount_cents, reason };
});

bus.subscribe([topics.shipmentBooked], (_topic, event) => {
  saga
    .shipmentBooked(event.data.orderId, event.data.attempt)
    .catch((error) => app.log.error({ err: error }, 'order not completed'));
});

async function lookAfterForgottenOrders() {
  for (const order of await store.forgotten(patienceSeconds)) await saga.giveUp(order);
  await store.dropOlderThan(1);
}

const rounds = setInterval(() => {
  lookAfterForgottenOrders().catch((error) => app.log.error({ err: error }, 'round failed'));
}, 15_000);

await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });

process.once('SIGTERM', () => {
  clearInterval(rounds);
  void bus.close();
  void app.close();
  void pool.end();
  setTimeout(() => process.exit(0), 1_000).unref();
});
