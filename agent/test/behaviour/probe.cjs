// Runs named probes one after the other and prints what each saw: a line of JSON, nothing of time, ports or ids in it.
const { once } = require('node:events');
const http = require('node:http');

/** `work` answers something JSON can hold; an error is an observation, too. */
async function probe(name, work) {
  let seen;
  try {
    seen = await work();
  } catch (error) {
    seen = { threw: error.name, code: error.code, message: error.message.replace(/:\d{4,5}\b/g, ':<port>') };
  }
  process.stdout.write(`${JSON.stringify([name, seen === undefined ? null : seen])}\n`);
}

/** Listens on a free port while `work` runs with its address. */
async function serving(listener, work) {
  const server = typeof listener === 'function' ? http.createServer(listener) : listener;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await work(`http://127.0.0.1:${server.address().port}`, server);
  } finally {
    server.closeAllConnections?.();
    server.close();
  }
}

/** One request without a client library: status, the headers that mean something, body; or the error. */
function ask(url, options = {}, body) {
  return new Promise((resolve, reject) => {
    const request = http.request(url, options, (response) => {
      let text = '';
      response.on('data', (part) => {
        text += part;
      });
      response.on('end', () => resolve({ status: response.statusCode, type: response.headers['content-type'], text }));
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** How something looks from outside: what libraries branch on. */
function shape(value) {
  const own = (key) => {
    const { get, set, value: held, ...flags } = Object.getOwnPropertyDescriptor(value, key);
    return [String(key), get ? 'get' : set ? 'set' : typeof held, flags];
  };
  return {
    type: typeof value,
    name: value.name,
    length: value.length,
    text:
      typeof value === 'function' && Function.prototype.toString.call(value).startsWith('class') ? 'class' : 'function',
    frozen: Object.isFrozen(value),
    keys: Reflect.ownKeys(value).map(own),
  };
}

module.exports = { ask, probe, serving, shape };
