/** Why a step of an order could not be done. Business: the answer was no. Technical: there was no usable answer. */
export class StepFailure extends Error {
  /**
   * @param {string} message
   * @param {'business' | 'technical'} kind
   * @param {unknown} [cause]
   */
  constructor(message, kind, cause) {
    super(message, { cause });
    this.name = 'StepFailure';
    this.kind = kind;
  }
}

/**
 * @param {string} what for messages, as "payments"
 * @param {string} url
 * @param {{ method: string, body?: object, withinMs: number }} request
 * @returns {Promise<any>} the answer's body
 */
async function call(what, url, { method, body, withinMs }) {
  let response;
  try {
    response = await fetch(url, {
      method,
      ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
      signal: AbortSignal.timeout(withinMs),
    });
  } catch (error) {
    const reason = error instanceof Error && error.name === 'TimeoutError' ? `within ${withinMs} ms` : 'at all';
    throw new StepFailure(`${what} did not answer ${reason}`, 'technical', error);
  }
  const text = await response.text();
  const answer = text ? JSON.parse(text) : {};
  if (response.ok) return answer;
  const kind = response.status < 500 ? 'business' : 'technical';
  throw new StepFailure(answer.reason ?? `${what} answered ${response.status}`, kind);
}

/**
 * The services that an order needs. Every call may be made twice: the order's id makes it the same call.
 * @param {{ inventory: string, payments: string, shipping: string }} urls
 */
export function partners({ inventory, payments, shipping }) {
  return {
    /** @param {import('./order-store.mjs').Order} order @returns {Promise<{ amountCents: number }>} */
    reserveStock: ({ id, sku, quantity }) =>
      call('inventory', `${inventory}/reservations`, {
        method: 'POST',
        body: { orderId: id, sku, quantity },
        withinMs: 2_000,
      }),

    /** @param {import('./order-store.mjs').Order} order */
    releaseStock: ({ id }) =>
      call('inventory', `${inventory}/reservations/${id}`, { method: 'DELETE', withinMs: 2_000 }),

    /** @param {import('./order-store.mjs').Order} order @returns {Promise<{ paymentId: string }>} */
    takePayment: ({ id, amount_cents, card }) =>
      call('payments', `${payments}/payments`, {
        method: 'POST',
        body: { orderId: id, amountCents: amount_cents, card },
        withinMs: 2_500,
      }),

    /** @param {import('./order-store.mjs').Order} order */
    refundPayment: ({ payment_id }) =>
      call('payments', `${payments}/payments/${payment_id}/refund`, { method: 'POST', withinMs: 2_500 }),

    /** @param {import('./order-store.mjs').Order} order @param {number} attempt */
    bookShipping: ({ id, sku, quantity }, attempt) =>
      call('shipping', `${shipping}/shipments`, {
        method: 'POST',
        body: { orderId: id, sku, quantity, attempt },
        withinMs: 1_500,
      }),

    /** @param {import('./order-store.mjs').Order} order */
    cancelShipping: ({ id }) => call('shipping', `${shipping}/shipments/${id}`, { method: 'DELETE', withinMs: 1_500 }),
  };
}
