/** The shop's pages: plain HTML that works without a script. */

/** @param {unknown} value */
function escape(value) {
  return String(value).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** @param {number} cents */
function price(cents) {
  return `${(cents / 100).toFixed(2)} €`;
}

/**
 * @param {string} title
 * @param {string} body
 * @param {string} [head]
 */
function page(title, body, head = '') {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
${head}<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1d2433; background: #fbfaf7; }
h1 { font-weight: 600; }
ul { list-style: none; padding: 0; display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(16rem, 1fr)); }
li { background: #fff; border: 1px solid #ddd8cc; border-radius: 8px; padding: 1rem; }
h2 { font-size: 1rem; margin: 0; }
p { margin: .25rem 0 .75rem; }
button { font: inherit; padding: .4rem 1rem; border: 0; border-radius: 6px; background: #24407a; color: #fff; cursor: pointer; }
input { font: inherit; width: 4rem; padding: .3rem; }
</style>
</head>
<body><main>${body}</main></body>
</html>`;
}

/** @param {{ sku: string, title: string, price_cents: number, available: number }[]} products */
function frontPage(products) {
  const items = products.map(
    ({ sku, title, price_cents, available }) => `<li>
<form method="post" action="/buy">
<h2>${escape(title)}</h2>
<p>${price(price_cents)} · ${available > 0 ? `${available} in stock` : 'sold out'}</p>
<input type="hidden" name="sku" value="${escape(sku)}">
<label>Quantity <input name="quantity" type="number" min="1" max="9" value="1"></label>
<button type="submit" aria-label="Buy ${escape(title)}">Buy</button>
</form>
</li>`,
  );
  return page('The Orrery Maker', `<h1>The Orrery Maker</h1><ul>${items.join('\n')}</ul>`);
}

const sentences = {
  completed: 'Thank you! Your order is on its way.',
  cancelled: 'We are sorry: your order could not be filled.',
  needs_person: 'We are sorry: your order could not be filled. We will call you.',
};

/** @param {{ orderId: string, state: string, reason?: string }} order */
function orderPage({ orderId, state, reason }) {
  const sentence = sentences[/** @type {keyof typeof sentences} */ (state)];
  const body = `<h1>${escape(sentence ?? 'Your order is being packed …')}</h1>
<p>Order <strong data-testid="order-id">${escape(orderId)}</strong> is <span data-testid="order-state">${escape(state)}</span>.</p>
${reason ? `<p>${escape(reason)}</p>` : ''}<p><a href="/">Back to the shop</a></p>`;
  return page(`Order ${orderId}`, body, sentence ? '' : '<meta http-equiv="refresh" content="1">\n');
}

/** @param {string} sentence */
function apologyPage(sentence) {
  return page('Sorry', `<h1>We are sorry</h1><p>${escape(sentence)}</p><p><a href="/">Back to the shop</a></p>`);
}

module.exports = { frontPage, orderPage, apologyPage };
