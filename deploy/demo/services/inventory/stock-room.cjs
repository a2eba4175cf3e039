/**
 * What the shop has on its shelves.
 * @param {import('pg').Pool} pool
 */
function stockRoom(pool) {
  return {
    async list() {
      const { rows } = await pool.query('SELECT sku, title, price_cents, available FROM products ORDER BY title');
      return rows;
    },

    /** @param {string} sku */
    async find(sku) {
      const { rows } = await pool.query('SELECT sku, title, price_cents, available FROM products WHERE sku = $1', [
        sku,
      ]);
      return rows[0];
    },

    /**
     * Sets goods aside for an order; a second request for the same order gets the same answer.
     * @param {string} orderId
     * @param {string} sku
     * @param {number} quantity
     * @returns {Promise<{ amountCents: number } | undefined>} undefined when there is not enough
     */
    async reserve(orderId, sku, quantity) {
      const { rows } = await pool.query(
        `WITH already AS (SELECT 1 FROM reservations WHERE order_id = $1),
              taken AS (
                UPDATE products SET available = available - $3
                WHERE sku = $2 AND available >= $3 AND NOT EXISTS (SELECT 1 FROM already) RETURNING sku),
              noted AS (INSERT INTO reservations SELECT $1, sku, $3 FROM taken RETURNING sku)
         SELECT price_cents * $3 AS amount FROM products
         WHERE sku = $2 AND (EXISTS (SELECT 1 FROM taken) OR EXISTS (SELECT 1 FROM already))`,
        [orderId, sku, quantity],
      );
      return rows[0] && { amountCents: Number(rows[0].amount) };
    },

    /** @param {string} orderId */
    async release(orderId) {
      await pool.query(
        `WITH gone AS (DELETE FROM reservations WHERE order_id = $1 RETURNING sku, quantity)
         UPDATE products SET available = available + gone.quantity FROM gone WHERE products.sku = gone.sku`,
        [orderId],
      );
    },

    /** @param {number} available */
    async setAll(available) {
      await pool.query('UPDATE products SET available = $1', [available]);
    },

    /**
     * @param {number} low
     * @param {number} full
     */
    async topUp(low, full) {
      await pool.query('UPDATE products SET available = $2 WHERE available BETWEEN 1 AND $1', [low, full]);
    },
  };
}

module.exports = { stockRoom };
