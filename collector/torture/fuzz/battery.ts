import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startOrrery } from '../../test/integration/program/orrery-process.js';
import type { Battery } from '../battery.js';
import { inProcess } from './in-process.js';
import { overHttp } from './over-http.js';

const DEFAULT_ROUNDS = 1_000_000;
/** Sockets cost more than bodies: one case in so many goes over them. */
const HTTP_SHARE = 50;
const TELL_EVERY = 50_000;

/** Rounds are mutated bodies. With `--seconds`, half of them go to each level. */
export const fuzz: Battery = {
  name: 'fuzz',
  about:
    'mutated bodies at every intake and the API: no crash, no hang, no growth, and valid requests beside them unharmed',
  async run({ seed, rounds = DEFAULT_ROUNDS, seconds }) {
    const untilMs = (share: number) =>
      // Not infinity: it travels to the processes as JSON, which makes a null of it.
      seconds === undefined ? Number.MAX_SAFE_INTEGER : Date.now() + seconds * 1000 * share;
    const began = Date.now();
    let told = 0;
    const count = Math.ceil(rounds * (1 - 1 / HTTP_SHARE));
    const processes = Math.min(2, availableParallelism());
    const inside = await inProcess({ seed, count, untilMs: untilMs(0.5), processes }, ({ cases, slowestMs }) => {
      if (cases < told + TELL_EVERY) return;
      told = cases;
      console.log(`  ${cases} bodies in ${secondsSince(began)} s, slowest ${Math.round(slowestMs)} ms`);
    });
    console.log('  in process', JSON.stringify(inside), `${secondsSince(began)} s`);
    if (seconds === undefined && inside.cases < count) {
      throw new Error(`Only ${inside.cases} of ${count} bodies were tried, and nothing said why.`);
    }

    const httpBegan = Date.now();
    const dataDir = await mkdtemp(join(tmpdir(), 'orrery-fuzz-'));
    const orrery = await startOrrery(dataDir);
    try {
      const figures = await overHttp(orrery, { seed, count: rounds - count, untilMs: untilMs(0.5) });
      console.log('  over HTTP', JSON.stringify(figures), `${secondsSince(httpBegan)} s`);
    } finally {
      await orrery.end('SIGTERM');
      await rm(dataDir, { recursive: true, force: true });
    }
  },
};

function secondsSince(began: number): number {
  return Math.round((Date.now() - began) / 1000);
}
