import { pick, seededRandom } from '../load/random.mjs';

/**
 * Weather that comes by itself. Within the first minutes each kind is seen once; then now and then, with quiet between.
 * @typedef {{ afterSeconds: number, kind: string, seconds: number }} Forecast
 */

/** @type {Forecast[]} */
const firstMinutes = [
  { afterSeconds: 90, kind: 'bank-down', seconds: 75 },
  { afterSeconds: 120, kind: 'lost-parcels', seconds: 12 },
  { afterSeconds: 120, kind: 'slow-shipping', seconds: 20 },
  { afterSeconds: 120, kind: 'stock-gone', seconds: 20 },
];

/**
 * @param {number} seed
 * @returns {Generator<Forecast, never>} `afterSeconds` counts from the beginning of the one before
 */
export function* forecasts(seed) {
  yield* firstMinutes;
  const random = seededRandom(seed);
  for (;;) {
    const kind = pick(random, ['bank-down', 'lost-parcels', 'slow-shipping', 'stock-gone', 'crash']);
    yield { afterSeconds: 240 + Math.floor(random() * 360), kind, seconds: 15 + Math.floor(random() * 45) };
  }
}
