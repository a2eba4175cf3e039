import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, openShop, type RunningShop } from './running-shop.js';

interface OrderAnswer {
  orderId: string;
  state: string;
  reason?: string;
}
interface Product {
  sku: string;
  available: number;
}

let shop: RunningShop;

beforeAll(async () => {
  shop = await openShop();
});

afterAll(() => shop?.stop());

async function post(url: string, body: object): Promise<{ status: number; body: OrderAnswer }> {
  const response = await fetch(url, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
  return { status: response.status, body: (await response.json()) as OrderAnswer };
}

const order = (more: object = {}) =>
  post(`${shop.url}/orders`, { customer: 'anna', sku: 'moon-globe', quantity: 1, card: '4000-1234', ...more });

const orderState = async (id: string): Promise<string> =>
  ((await (await fetch(`${shop.url}/orders/${id}`)).json()) as OrderAnswer).state;

const available = async (sku: string): Promise<number | undefined> =>
  ((await (await fetch(`${shop.url}/products`)).json()) as Product[]).find((one) => one.sku === sku)?.available;

const log = (service: string): Promise<string> => readFile(join(shop.logDir, `${service}.log`), 'utf8');

test('completes an order through all services, the asynchronous ones included', async () => {
  const { status, body } = await order();
  expect(status).toBe(201);
  expect(body.orderId).toMatch(/^o-/);
  await eventually(
    () => orderState(body.orderId),
    (state) => state === 'completed',
  );
  for (const service of ['gateway', 'orders', 'inventory', 'payments', 'bank', 'shipping', 'loyalty', 'mail']) {
    await eventually(
      () => log(service),
      (text) => text.includes(body.orderId),
    );
  }
});

test('gives the reserved goods back when the card is declined', async () => {
  const before = await available('astrolabe');
  const { status, body } = await order({ sku: 'astrolabe', quantity: 3, card: '4000-0000-0000-0002' });
  expect(status).toBe(409);
  expect(body).toMatchObject({ state: 'cancelled', reason: 'card declined' });
  expect(await available('astrolabe')).toBe(before);
});

test('says no to what is not there and to what makes no sense', async () => {
  expect(await order({ quantity: 9_000 })).toMatchObject({ status: 409, body: { reason: 'sold out' } });
  expect((await order({ quantity: 'many' })).status).toBe(400);
  expect((await fetch(`${shop.url}/orders/o-unknown`)).status).toBe(404);
});

test('opens the breaker while the bank is down, rolls orders back, and recovers', async () => {
  const before = await available('refractor');
  await post(`${shop.control}/weather`, { kind: 'bank-down', seconds: 300 });
  for (let count = 0; count < 4; count++) {
    expect(await order({ sku: 'refractor' })).toMatchObject({ status: 503, body: { state: 'cancelled' } });
  }
  await eventually(
    () => log('payments'),
    (text) => text.includes('the bank does not answer, payments are refused'),
  );
  expect(await available('refractor')).toBe(before);
  await post(`${shop.control}/clear`, {});
  await eventually(
    () => order({ sku: 'refractor' }),
    ({ status }) => status === 201,
  );
});

test('leaves an order in the air when the carrier loses the parcel', async () => {
  await post(`${shop.control}/weather`, { kind: 'lost-parcels', seconds: 300 });
  const { body } = await order();
  await post(`${shop.control}/clear`, {});
  const later = await order();
  await eventually(
    () => orderState(later.body.orderId),
    (state) => state === 'completed',
  );
  expect(await orderState(body.orderId)).toBe('shipping');
});

test('cancels what a slow carrier may have taken all the same', async () => {
  await post(`${shop.control}/weather`, { kind: 'slow-shipping', seconds: 300 });
  const { status, body } = await order();
  await post(`${shop.control}/clear`, {});
  expect(status).toBe(503);
  expect(body).toMatchObject({ state: 'cancelled', reason: 'shipping did not answer within 1500 ms' });
  expect(await log('shipping')).toContain('shipment cancelled');
});

test('sells on the web page', async () => {
  expect(await (await fetch(shop.url)).text()).toContain('Moon globe');
  const bought = await fetch(`${shop.url}/buy`, {
    method: 'POST',
    body: new URLSearchParams({ sku: 'moon-globe', quantity: '1' }),
  });
  await eventually(
    async () => (await fetch(bought.url)).text(),
    (page) => page.includes('Thank you!'),
  );
});

test('starts a crashed service again', async () => {
  await post(`${shop.control}/crash`, { service: 'payments' });
  await eventually(order, ({ status }) => status === 503);
  await eventually(order, ({ status }) => status === 201);
});
