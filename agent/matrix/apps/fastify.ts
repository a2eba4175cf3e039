import type { AddressInfo } from 'node:net';
import fastify from 'fastify';

const app = fastify();
app.get('/orders/:id', async (request) => {
  const { id } = request.params as { id: string };
  console.log('order %s', id);
  return { id };
});
app.register(async (scope) => scope.get('/items/:item', async () => 'item'), { prefix: '/api/tenants/:tenant' });
app.register(async (scope) => {
  scope.addHook('preHandler', async () => {
    throw new RangeError('no entry');
  });
  scope.get('/guarded', async () => 'never');
});
app.post('/strict', { schema: { body: { type: 'object', required: ['size'] } } }, async () => 'accepted');
app.get('/boom', async () => {
  throw new TypeError('kaput');
});
app.get('/wait', () => {
  console.log('waiting');
  return new Promise(() => undefined);
});
app.listen({ port: 0, host: '127.0.0.1' }, () => {
  console.log(`listening ${(app.server.address() as AddressInfo).port}`);
});
