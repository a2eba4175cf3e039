/**
 * Trouble that can be asked for. Each kind is a beginning and an end; the end puts everything right again.
 *
 * @typedef {{ begin: () => Promise<unknown>, end: () => Promise<unknown> }} Trouble
 * @typedef {{ kind: string, until: string }} Spell
 */

/** What each kind looks like from outside, for people. */
export const kinds = {
  'bank-down': 'the bank is gone: its breaker opens, orders are rolled back',
  'stock-gone': 'everything is sold out: orders end with a "no" and nothing to undo',
  'slow-shipping': 'the carrier answers after four seconds: orders time out and are rolled back',
  'lost-parcels': 'the carrier takes parcels and never confirms: orders are stuck',
};

/**
 * @param {{
 *   shop: ReturnType<typeof import('./shop-processes.mjs').shopProcesses>,
 *   urls: import('./services.mjs').Urls,
 *   report: (line: string) => void,
 * }} parts
 */
export function weather({ shop, urls, report }) {
  /** @type {Record<string, Trouble>} */
  const troubles = {
    'bank-down': {
      begin: async () => shop.find('bank')?.down(),
      end: async () => shop.find('bank')?.up(),
    },
    'stock-gone': {
      begin: () => put(`${urls('inventory')}/stock`, { available: 0 }),
      end: () => put(`${urls('inventory')}/stock`, { available: 500 }),
    },
    'slow-shipping': {
      begin: () => put(`${urls('shipping')}/carrier`, { answerDelayMs: 4_000 }),
      end: () => put(`${urls('shipping')}/carrier`, { answerDelayMs: 0 }),
    },
    'lost-parcels': {
      begin: () => put(`${urls('shipping')}/carrier`, { losesParcels: true }),
      end: () => put(`${urls('shipping')}/carrier`, { losesParcels: false }),
    },
  };

  /** @type {Map<string, { until: number, timer: NodeJS.Timeout }>} */
  const current = new Map();

  /** @param {string} kind */
  async function clear(kind) {
    const spell = current.get(kind);
    if (!spell) return;
    clearTimeout(spell.timer);
    current.delete(kind);
    await troubles[kind]?.end();
    report(`weather: ${kind} is over`);
  }

  return {
    /**
     * Begins a kind of trouble, or prolongs it.
     * @param {string} kind
     * @param {number} seconds
     * @returns {Promise<boolean>} false when there is no such kind
     */
    async begin(kind, seconds) {
      const trouble = troubles[kind];
      if (!trouble) return false;
      const before = current.get(kind);
      if (before) clearTimeout(before.timer);
      else await trouble.begin();
      const timer = setTimeout(() => {
        clear(kind).catch((error) => report(`weather: ${kind} could not be ended: ${error.message}`));
      }, seconds * 1000);
      current.set(kind, { until: Date.now() + seconds * 1000, timer });
      report(`weather: ${kind} for ${seconds} s`);
      return true;
    },

    clear,

    /** @returns {Spell[]} */
    now: () => [...current].map(([kind, { until }]) => ({ kind, until: new Date(until).toISOString() })),
  };
}

/**
 * @param {string} url
 * @param {object} body
 */
async function put(url, body) {
  const response = await fetch(url, {
    method: 'PUT',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
    signal: AbortSignal.timeout(5_000),
  });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
}
