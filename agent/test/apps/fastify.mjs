import { trace } from '@opentelemetry/api';
import fastify from 'fastify';

const app = fastify();
app.get('/orders/:id', async (request) => ({ id: request.params.id }));
app.post('/orders', async (request) => ({
  trace: trace.getActiveSpan()?.spanContext().traceId,
  size: request.body.size,
}));
app.register(async (scope) => scope.get('/items/:item', async () => 'item'), { prefix: '/api/tenants/:tenant' });
app.get('/boom', async () => {
  throw new TypeError('kaput');
});
await app.listen({ port: 0, host: '127.0.0.1' });
console.log(`listening ${app.server.address().port}`);
