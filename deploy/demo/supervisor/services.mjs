/**
 * The shop's processes: what is started, in which order, and where each one listens.
 *
 * @typedef {{
 *   name: string,
 *   file: string,
 *   offset: number,
 *   traced: boolean,
 *   node?: string[],
 *   env?: (urls: Urls) => Record<string, string>,
 *   needs?: string[],
 *   version?: string,
 * }} Service `offset` is added to the base port; `needs` are restarted together with what they need
 * @typedef {(name: string) => string} Urls
 */

/** @type {Service[]} */
export const services = [
  { name: 'database', file: 'services/database/main.mjs', offset: 10, traced: false },
  { name: 'broker', file: 'services/broker/main.mjs', offset: 11, traced: false },
  { name: 'bank', file: 'services/bank/main.cjs', offset: 4, traced: true, version: '4.0.2' },
  {
    name: 'payments',
    file: 'services/payments/main.cjs',
    offset: 3,
    traced: true,
    version: '1.9.0',
    env: (urls) => ({ BANK_URL: urls('bank') }),
  },
  {
    name: 'inventory',
    file: 'services/inventory/main.cjs',
    offset: 2,
    traced: true,
    version: '2.3.1',
    needs: ['database'],
    env: (urls) => ({ DATABASE_URL: databaseUrl(urls) }),
  },
  {
    name: 'shipping',
    file: 'services/shipping/main.ts',
    offset: 5,
    traced: true,
    version: '0.8.4',
    node: ['--import', 'tsx'],
    env: (urls) => ({ BROKER_URL: brokerUrl(urls) }),
  },
  {
    name: 'orders',
    file: 'services/orders/main.mjs',
    offset: 1,
    traced: true,
    version: '3.1.0',
    needs: ['database'],
    env: (urls) => ({
      DATABASE_URL: databaseUrl(urls),
      BROKER_URL: brokerUrl(urls),
      INVENTORY_URL: urls('inventory'),
      PAYMENTS_URL: urls('payments'),
      SHIPPING_URL: urls('shipping'),
    }),
  },
  {
    name: 'loyalty',
    file: 'services/loyalty/main.mjs',
    offset: 6,
    traced: true,
    version: '1.2.0',
    env: (urls) => ({ BROKER_URL: brokerUrl(urls) }),
  },
  {
    name: 'mail',
    file: 'services/mail/main.mjs',
    offset: 7,
    traced: true,
    version: '1.0.5',
    env: (urls) => ({ BROKER_URL: brokerUrl(urls) }),
  },
  {
    name: 'gateway',
    file: 'services/gateway/main.cjs',
    offset: 0,
    traced: true,
    version: '5.2.0',
    env: (urls) => ({ ORDERS_URL: urls('orders'), INVENTORY_URL: urls('inventory') }),
  },
];

/** The load driver: a customer, not a part of the shop. */
/** @type {Service} */
export const customers = {
  name: 'customers',
  file: 'load/main.mjs',
  offset: 13,
  traced: false,
  env: (urls) => ({ SHOP_URL: urls('gateway') }),
};

/** Added to the base port: where the supervisor takes orders about the weather. */
export const controlOffset = 12;

export const defaultBasePort = 17810;

/** @param {Urls} urls */
const databaseUrl = (urls) => urls('database').replace('http:', 'postgres:').replace('//', '//shop:shop@') + '/shop';
/** @param {Urls} urls */
const brokerUrl = (urls) => urls('broker').replace('http:', 'mqtt:');

/** @param {number} basePort @returns {Urls} */
export function urlsFrom(basePort) {
  return (name) => {
    const service = services.find((candidate) => candidate.name === name);
    if (!service) throw new Error(`the shop has no service ${name}`);
    return `http://127.0.0.1:${basePort + service.offset}`;
  };
}
