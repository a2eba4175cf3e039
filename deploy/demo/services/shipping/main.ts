import Fastify, { LogController } from 'fastify';
import { connectBus } from '../../messages/bus.mjs';
import { Carrier } from './carrier.ts';

interface ShipmentRequest {
  orderId: string;
  sku: string;
  quantity: number;
  attempt: number;
}

const app = Fastify({
  logger: { name: 'shipping' },
  logController: new LogController({ disableRequestLogging: true }),
});
const bus = connectBus(process.env.BROKER_URL ?? '', 'shipping');
const carrier = new Carrier(bus, app.log);

app.get('/healthz', async () => ({ status: 'ok' }));

app.post<{ Body: ShipmentRequest }>('/shipments', async (request, reply) => {
  const { orderId, attempt } = request.body;
  await carrier.book(orderId, attempt);
  return reply.code(202).send({ orderId, state: 'requested' });
});

app.delete<{ Params: { orderId: string } }>('/shipments/:orderId', async (request, reply) => {
  carrier.cancel(request.params.orderId);
  return reply.code(204).send();
});

/** How the carrier behaves today: how long it takes to answer, and whether it forgets what it was told. */
app.put<{ Body: { answerDelayMs?: number; losesParcels?: boolean } }>('/carrier', async (request, reply) => {
  carrier.behave(request.body);
  return reply.code(204).send();
});

await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });

process.once('SIGTERM', () => {
  void bus.close();
  void app.close();
  setTimeout(() => process.exit(0), 1_000).unref();
});
