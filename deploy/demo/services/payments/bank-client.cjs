const http = require('node:http');

/** @typedef {{ orderId: string, amountCents: number, card: string }} Payment */

class CardDeclined extends Error {}

/**
 * The bank's HTTP API, over kept-alive connections.
 * @param {string} baseUrl
 */
function bankClient(baseUrl) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 20 });

  /**
   * @param {string} method
   * @param {string} path
   * @param {object} [body]
   * @returns {Promise<{ status: number, body: any }>}
   */
  function call(method, path, body) {
    return new Promise((resolve, reject) => {
      const options = { method, agent, timeout: 2_000, headers: { 'content-type': 'application/json' } };
      const request = http.request(`${baseUrl}${path}`, options, (response) => {
        let text = '';
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(text || '{}') }));
        response.on('error', reject);
      });
      request.on('timeout', () => request.destroy(new Error('the bank took longer than 2 s')));
      request.on('error', reject);
      request.end(body && JSON.stringify(body));
    });
  }

  return {
    /** @param {Payment} payment */
    async charge(payment) {
      const { status, body } = await call('POST', '/charges', payment);
      if (status === 402) throw new CardDeclined(body.reason);
      if (status !== 201) throw new Error(`the bank answered ${status}`);
      return body;
    },

    /** @param {string} chargeId */
    async refund(chargeId) {
      const { status } = await call('DELETE', `/charges/${chargeId}`);
      if (status !== 200) throw new Error(`the bank answered ${status}`);
    },

    close: () => agent.destroy(),
  };
}

module.exports = { bankClient, CardDeclined };
