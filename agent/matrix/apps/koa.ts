import type { AddressInfo } from 'node:net';
import Router from '@koa/router';
import Koa from 'koa';
import mount from 'koa-mount';

const app = new Koa();
app.silent = true;
const router = new Router({ prefix: '/api' });
router.get('/orders/:id', (ctx) => {
  console.log('order %s', ctx.params.id);
  ctx.body = ctx.params.id;
});
const items = new Router();
items.get('/items/:item', (ctx) => {
  ctx.body = 'item';
});
router.use('/tenants/:tenant', items.routes());
router.get('/boom', () => {
  throw new TypeError('kaput');
});
router.get('/wait', () => {
  console.log('waiting');
  return new Promise(() => undefined);
});
app.use(router.routes());
const inner = new Koa();
inner.use(mount('/deep', items.routes()));
app.use(mount('/mounted', inner));
const server = app.listen(0, '127.0.0.1', () => console.log(`listening ${(server.address() as AddressInfo).port}`));
