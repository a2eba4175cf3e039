import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { customer } from './customer.mjs';
import { arrivalGapMs, seededRandom } from './random.mjs';

/**
 * The shop's customers. They come at random, as customers do, and the same at every start with the same SEED.
 * ORDERS_PER_SECOND and BROWSE_PER_SECOND set how many; at most 50 are in the shop at once.
 */
const shop = process.env.SHOP_URL ?? '';
const random = seededRandom(Number(process.env.SEED ?? 7));
const mostAtOnce = 50;
let inside = 0;
const outcomes = { completed: 0, refused: 0, failed: 0, browsed: 0, turnedAway: 0 };
const visitor = customer(shop, random);

/**
 * @param {number} perSecond
 * @param {() => Promise<keyof typeof outcomes>} visit
 */
async function arrivals(perSecond, visit) {
  for (;;) {
    await delay(arrivalGapMs(random, perSecond));
    if (inside >= mostAtOnce) {
      outcomes.turnedAway++;
      continue;
    }
    inside++;
    void visit()
      .catch(() => /** @type {const} */ ('failed'))
      .then((outcome) => {
        outcomes[outcome]++;
        inside--;
      });
  }
}

createServer((_request, response) => {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ inside, ...outcomes }));
}).listen(Number(process.env.PORT), '127.0.0.1');

process.once('SIGTERM', () => process.exit(0));

void arrivals(Number(process.env.ORDERS_PER_SECOND ?? 1.5), () => visitor.order());
void arrivals(Number(process.env.BROWSE_PER_SECOND ?? 2), () => visitor.browse());
