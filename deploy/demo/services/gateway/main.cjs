const http = require('node:http');
const express = require('express');
const winston = require('winston');
const { frontPage, orderPage, apologyPage } = require('./pages.cjs');

const log = winston.createLogger({
  format: winston.format.combine(winston.format.timestamp(), winston.format.json()),
  transports: [new winston.transports.Console()],
});

/**
 * Asks a service behind the gateway.
 * @param {string} url
 * @param {{ method?: string, body?: object }} [request]
 * @returns {Promise<{ status: number, body: any }>}
 */
async function ask(url, { method = 'GET', body } = {}) {
  const response = await fetch(url, {
    method,
    ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
    signal: AbortSignal.timeout(15_000),
  });
  return { status: response.status, body: await response.json() };
}

const listProducts = () => ask(`${process.env.INVENTORY_URL}/products`);
/** @param {object} order */
const placeOrder = (order) => ask(`${process.env.ORDERS_URL}/orders`, { method: 'POST', body: order });
/** @param {string} id */
const findOrder = (id) => ask(`${process.env.ORDERS_URL}/orders/${encodeURIComponent(id)}`);

const app = express();
app.disable('x-powered-by');
app.use(express.json(), express.urlencoded({ extended: false }));

app.get('/healthz', (_request, response) => {
  response.json({ status: 'ok' });
});

app.get('/', async (_request, response) => {
  const { body } = await listProducts();
  response.send(frontPage(body));
});

app.post('/buy', async (request, response) => {
  const { sku, quantity } = request.body;
  const { status, body } = await placeOrder({
    customer: 'web-guest',
    sku: String(sku),
    quantity: Number(quantity),
    card: '4000-0000-0000-0077',
  });
  log.info('order placed on the web page', { orderId: body.orderId, status });
  if (body.orderId) response.redirect(303, `/thanks/${body.orderId}`);
  else response.status(400).send(apologyPage('This order cannot be understood.'));
});

app.get('/thanks/:id', async (request, response) => {
  const { status, body } = await findOrder(request.params.id);
  if (status === 200) response.send(orderPage(body));
  else response.status(status).send(apologyPage('There is no such order.'));
});

app.get('/products', async (_request, response) => {
  const { status, body } = await listProducts();
  response.status(status).json(body);
});

app.get('/products/:sku', async (request, response) => {
  const { status, body } = await ask(`${process.env.INVENTORY_URL}/products/${encodeURIComponent(request.params.sku)}`);
  response.status(status).json(body);
});

app.post('/orders', async (request, response) => {
  const { status, body } = await placeOrder(request.body);
  log.info('order placed', { orderId: body.orderId, status });
  response.status(status).json(body);
});

app.get('/orders/:id', async (request, response) => {
  const { status, body } = await findOrder(request.params.id);
  response.status(status).json(body);
});

/**
 * @param {Error & { status?: number }} error
 * @param {import('express').Request} request
 * @param {import('express').Response} response
 * @param {import('express').NextFunction} _next Express knows a handler of errors by its four parameters
 */
function onError(error, request, response, _next) {
  const status = error.status ?? 502;
  log.error('request failed', { path: request.path, error: error.message });
  response.status(status).json({ reason: status < 500 ? error.message : 'the shop is in trouble, please try again' });
}
app.use(onError);

const server = http.createServer(app);
server.listen(Number(process.env.PORT), '127.0.0.1', () => log.info(`gateway listens on ${process.env.PORT}`));

process.once('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
});
