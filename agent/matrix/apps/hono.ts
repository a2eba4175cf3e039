import { serve } from '@hono/node-server';
import { Hono } from 'hono';

const app = new Hono();
app.use('*', async (_context, next) => next());
app.get('/orders/:id', (context) => {
  console.log('order %s', context.req.param('id'));
  return context.json({ id: context.req.param('id') });
});
const items = new Hono();
items.get('/items/:item', (context) => context.text('item'));
app.route('/api/tenants/:tenant', items);
app.get('/boom', () => {
  throw new TypeError('kaput');
});
app.get('/wait', () => {
  console.log('waiting');
  return new Promise<Response>(() => undefined);
});
app.onError((_error, context) => context.text('sorry', 500));
serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => console.log(`listening ${port}`));
