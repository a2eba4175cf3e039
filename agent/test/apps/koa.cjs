const Koa = require('koa');
const { Router } = require('@koa/router');

const app = new Koa();
app.silent = true;
const router = new Router({ prefix: '/api' });
router.get('/orders/:id', (ctx) => {
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
app.use(router.routes());
const server = app.listen(0, () => console.log(`listening ${server.address().port}`));
