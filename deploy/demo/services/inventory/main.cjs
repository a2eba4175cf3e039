const http = require('node:http');
const { Router } = require('@koa/router');
const bunyan = require('bunyan');
const Koa = require('koa');
const { Pool } = require('pg');
const { stockRoom } = require('./stock-room.cjs');

const log = bunyan.createLogger({ name: 'inventory' });
const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 3, connectionTimeoutMillis: 3_000 });
pool.on('error', (error) => log.warn({ err: error }, 'database connection lost'));
const stock = stockRoom(pool);

const router = new Router();

router.get('/healthz', (ctx) => {
  ctx.body = { status: 'ok' };
});

router.get('/products', async (ctx) => {
  ctx.body = await stock.list();
});

router.get('/products/:sku', async (ctx) => {
  const product = await stock.find(String(ctx.params.sku));
  if (!product) ctx.throw(404, 'no such product');
  ctx.body = product;
});

router.post('/reservations', async (ctx) => {
  const { orderId, sku, quantity } = await readJson(ctx.req);
  const reserved = await stock.reserve(orderId, sku, quantity);
  if (!reserved) {
    log.warn({ orderId, sku, quantity }, 'sold out');
    ctx.status = 409;
    ctx.body = { reason: 'sold out' };
    return;
  }
  log.info({ orderId, sku, quantity }, 'stock reserved');
  ctx.status = 201;
  ctx.body = reserved;
});

router.delete('/reservations/:orderId', async (ctx) => {
  await stock.release(String(ctx.params.orderId));
  log.info({ orderId: ctx.params.orderId }, 'stock released');
  ctx.status = 204;
});

router.put('/stock', async (ctx) => {
  const { available } = await readJson(ctx.req);
  await stock.setAll(available);
  log.info({ available }, 'stock counted anew');
  ctx.status = 204;
});

/** @param {http.IncomingMessage} request */
async function readJson(request) {
  let text = '';
  for await (const chunk of request) text += chunk;
  return JSON.parse(text);
}

const app = new Koa();
app.on('error', (error) => log.error({ err: error }, 'request failed'));
app.use(router.routes());

const handle = app.callback();
const server = http.createServer((request, response) => void handle(request, response));
server.listen(Number(process.env.PORT), '127.0.0.1', () => log.info(`inventory listens on ${process.env.PORT}`));

// What is sold out stays sold out until somebody orders it: only what runs low is delivered by itself.
const deliveries = setInterval(() => {
  stock.topUp(200, 500).catch((error) => log.error({ err: error }, 'delivery failed'));
}, 30_000);

process.once('SIGTERM', () => {
  clearInterval(deliveries);
  server.close();
  server.closeAllConnections();
  pool.end().catch(() => {});
});
