/**
 * @typedef {{ id: string, customer: string, sku: string, quantity: number, card: string, amount_cents: number,
 *   state: OrderState, payment_id: string | null, reason: string, created: Date, updated: Date }} Order
 * @typedef {'accepted' | 'reserved' | 'paid' | 'shipping' | 'completed' | 'cancelled' | 'needs_person'} OrderState
 */

/**
 * Orders, in the database.
 * @param {import('pg').Pool} pool
 */
export function orderStore(pool) {
  return {
    /** @param {{ id: string, customer: string, sku: string, quantity: number, card: string }} order */
    async insert({ id, customer, sku, quantity, card }) {
      await pool.query(
        `INSERT INTO orders (id, customer, sku, quantity, card, state) VALUES ($1, $2, $3, $4, $5, 'accepted')`,
        [id, customer, sku, quantity, card],
      );
    },

    /**
     * @param {string} id
     * @returns {Promise<Order | undefined>}
     */
    async find(id) {
      const { rows } = await pool.query('SELECT * FROM orders WHERE id = $1', [id]);
      return rows[0];
    },

    /**
     * Moves an order on, unless somebody else did so before.
     * @param {string} id
     * @param {OrderState[]} from
     * @param {OrderState} to
     * @param {{ amountCents?: number, paymentId?: string, reason?: string }} [facts]
     * @returns {Promise<Order | undefined>} undefined when the order was in none of the states
     */
    async move(id, from, to, facts = {}) {
      const { rows } = await pool.query(
        `UPDATE orders SET state = $3, updated = now(), amount_cents = COALESCE($4, amount_cents),
           payment_id = COALESCE($5, payment_id), reason = COALESCE($6, reason)
         WHERE id = $1 AND state = ANY($2) RETURNING *`,
        [id, from, to, facts.amountCents ?? null, facts.paymentId ?? null, facts.reason ?? null],
      );
      return rows[0];
    },

    /**
     * Orders that have not moved for a while and are not at an end.
     * @param {number} seconds
     * @returns {Promise<Order[]>}
     */
    async forgotten(seconds) {
      const { rows } = await pool.query(
        `SELECT * FROM orders WHERE state IN ('accepted', 'reserved', 'paid', 'shipping')
           AND updated < now() - make_interval(secs => $1) ORDER BY updated LIMIT 20`,
        [seconds],
      );
      return rows;
    },

    /** @param {number} hours */
    async dropOlderThan(hours) {
      await pool.query('DELETE FROM orders WHERE created < now() - make_interval(hours => $1)', [hours]);
    },
  };
}
