import { createServer } from 'node:http';
import { kinds } from './weather.mjs';

/**
 * Takes orders about the weather on loopback: `GET /` tells how things are, `POST /weather` and `POST /crash` change it.
 * @param {{
 *   port: number,
 *   shop: ReturnType<typeof import('./shop-processes.mjs').shopProcesses>,
 *   sky: ReturnType<typeof import('./weather.mjs').weather>,
 * }} parts
 */
export function controlServer({ port, shop, sky }) {
  /**
   * @param {string} route
   * @param {Record<string, any>} body
   * @returns {Promise<[number, object]>}
   */
  async function answer(route, body) {
    switch (route) {
      case 'GET /':
        return [200, { kinds, services: shop.names, weather: sky.now(), states: shop.states() }];
      case 'POST /weather': {
        const { kind, seconds } = body;
        const known = await sky.begin(String(kind), Math.min(Math.max(Number(seconds) || 60, 1), 3_600));
        return known ? [200, { weather: sky.now() }] : [404, { reason: `no such weather: ${kind}` }];
      }
      case 'POST /clear':
        for (const { kind } of sky.now()) await sky.clear(kind);
        return [200, { weather: [] }];
      case 'POST /crash': {
        const service = shop.find(String(body.service));
        if (!service) return [404, { reason: `the shop has no service ${body.service}` }];
        return [200, { crashed: service.crash() }];
      }
      default:
        return [404, { reason: 'no such order' }];
    }
  }

  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      const work = async () => answer(`${request.method} ${request.url}`, text ? JSON.parse(text) : {});
      void work()
        .catch((error) => /** @type {[number, object]} */ ([500, { reason: error.message }]))
        .then(([status, body]) => {
          response.writeHead(status, { 'content-type': 'application/json' });
          response.end(JSON.stringify(body));
        });
    });
  });
  server.listen(port, '127.0.0.1');
  return { close: () => server.close() };
}
