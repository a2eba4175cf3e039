import { createServer, get, request } from 'node:http';
import { request as undiciRequest } from 'undici';

// Calls what it is asked to call, by the client it is asked to use, and answers what came.
const clients = {
  fetch: async (url) => (await fetch(url)).text(),
  undici: async (url) => (await undiciRequest(url)).body.text(),
  http: (url) =>
    new Promise((resolve, reject) => {
      get(url, async (response) => {
        let text = '';
        for await (const part of response) text += part;
        resolve(text);
      }).on('error', reject);
    }),
  timeout: (url) =>
    new Promise((resolve, reject) => {
      const outgoing = request(url, { timeout: 50 }, resolve);
      outgoing.on('timeout', () => outgoing.destroy());
      outgoing.on('error', reject).end();
    }),
  'fetch-timeout': async (url) => (await fetch(url, { signal: AbortSignal.timeout(50) })).text(),
};

const server = createServer(async (req, res) => {
  const asked = new URL(req.url, 'http://localhost').searchParams;
  try {
    res.end(await clients[asked.get('client')](asked.get('url')));
  } catch (error) {
    res.statusCode = 502;
    res.end(String(error.code ?? error.cause?.code ?? error.name));
  }
});
server.listen(0, () => console.log(`listening ${server.address().port}`));
