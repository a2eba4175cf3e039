const http = require('node:http');
const { randomUUID } = require('node:crypto');

/** Charges by id, newest last; a bank that forgets after ten thousand. */
const charges = new Map();

/** @param {number} cents */
function money(cents) {
  return `${(cents / 100).toFixed(2)} EUR`;
}

/** @param {http.IncomingMessage} request */
async function readJson(request) {
  let text = '';
  for await (const chunk of request) text += chunk;
  return JSON.parse(text);
}

/**
 * @param {http.ServerResponse} response
 * @param {number} status
 * @param {object} body
 */
function answer(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

/** @param {http.IncomingMessage} request @param {http.ServerResponse} response */
async function charge(request, response) {
  const { orderId, card, amountCents } = await readJson(request);
  // Authorising takes a bank a moment.
  await new Promise((resolve) => setTimeout(resolve, 15 + Math.random() * 40));
  if (String(card).endsWith('0002')) {
    console.warn(`charge of ${money(amountCents)} for ${orderId} declined`);
    return answer(response, 402, { reason: 'card declined' });
  }
  const id = `ch-${randomUUID().slice(0, 8)}`;
  charges.set(id, amountCents);
  if (charges.size > 10_000) charges.delete(charges.keys().next().value);
  console.log(`charged ${money(amountCents)} for ${orderId}`);
  return answer(response, 201, { chargeId: id });
}

/** @param {string} id @param {http.ServerResponse} response */
function refund(id, response) {
  const amountCents = charges.get(id);
  charges.delete(id);
  console.log(`refunded ${amountCents === undefined ? 'nothing' : money(amountCents)} of ${id}`);
  return answer(response, 200, { chargeId: id, refunded: amountCents !== undefined });
}

const server = http.createServer((request, response) => {
  const [path = '/'] = (request.url ?? '/').split('?');
  const chargeId = /^\/charges\/([\w-]+)$/.exec(path)?.[1];
  if (path === '/healthz') answer(response, 200, { status: 'ok' });
  else if (request.method === 'POST' && path === '/charges') {
    charge(request, response).catch((error) => {
      console.error(`charge failed: ${error.message}`);
      answer(response, 400, { reason: 'not a charge' });
    });
  } else if (request.method === 'DELETE' && chargeId) refund(chargeId, response);
  else answer(response, 404, { reason: 'no such thing' });
});
server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log(`bank listens on ${process.env.PORT}`));

process.once('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
});
