import { pick } from './random.mjs';

const wares = ['brass-orrery', 'star-chart', 'star-chart', 'pocket-sundial', 'refractor', 'moon-globe', 'astrolabe'];

/**
 * What a customer does in the shop. Most orders are good; a few cards are declined, a few orders are too big,
 * a few make no sense.
 * @param {string} shop
 * @param {() => number} random
 */
export function customer(shop, random) {
  /** @returns {object} */
  function newOrder() {
    const dice = random();
    const order = {
      customer: `c-${1 + Math.floor(random() * 40)}`,
      sku: pick(random, wares),
      quantity: 1 + Math.floor(random() * 3),
      card: `4000-0000-0000-${1000 + Math.floor(random() * 8000)}`,
    };
    if (dice < 0.04) return { ...order, card: '4000-0000-0000-0002' };
    if (dice < 0.06) return { ...order, quantity: 5_000 };
    if (dice < 0.07) return { customer: order.customer };
    return order;
  }

  return {
    /** @returns {Promise<'completed' | 'refused' | 'failed'>} */
    async order() {
      const response = await fetch(`${shop}/orders`, {
        method: 'POST',
        body: JSON.stringify(newOrder()),
        headers: { 'content-type': 'application/json', 'user-agent': 'shop-customer/1.0' },
        signal: AbortSignal.timeout(20_000),
      });
      await response.arrayBuffer();
      if (response.ok) return 'completed';
      return response.status < 500 ? 'refused' : 'failed';
    },

    /** @returns {Promise<'browsed' | 'failed'>} */
    async browse() {
      const path = random() < 0.5 ? '/products' : `/products/${pick(random, [...wares, 'perpetuum-mobile'])}`;
      const response = await fetch(`${shop}${path}`, {
        headers: { 'user-agent': 'shop-customer/1.0' },
        signal: AbortSignal.timeout(20_000),
      });
      await response.arrayBuffer();
      return response.status < 500 ? 'browsed' : 'failed';
    },
  };
}
