import type { Battery } from '../battery.js';
import { Random } from '../fuzz/random.js';
import { builtProgram } from '../kills/kills.js';
import { FAULTS, type Fault, runFaults } from './run-faults.js';

const DEFAULT_ROUNDS = 40;
const DEFAULT_OUTAGE_S = 600;
/** Answers that are swallowed make documents come again. */
const MUTANT_FAULTS: readonly Fault[] = ['swallowed answer', 'swallowed answer', 'swallowed answer'];
/** About two thousand items a second. */
const LOAD = { senders: 12, pauseMs: 40 };

/** Every kind at least once, in an order that the seed decides; the long outage comes once, last. */
function faultsOf(seed: number, rounds: number): Fault[] {
  const random = new Random(seed);
  const short = FAULTS.filter((fault) => fault !== 'server stopped');
  const more = Array.from({ length: Math.max(0, rounds - FAULTS.length) }, () => random.pick(short));
  const order = [...short, ...more].map((fault) => ({ fault, place: random.next() }));
  return [...order.sort((a, b) => a.place - b.place).map(({ fault }) => fault), 'server stopped'];
}

export const elasticsearch: Battery = {
  name: 'elasticsearch',
  about:
    'a real Elasticsearch that is stopped, killed, slow, refuses, cuts and swallows answers: nothing lost or twice',
  async run({ seed, rounds = DEFAULT_ROUNDS, seconds = DEFAULT_OUTAGE_S }) {
    const faults = faultsOf(seed, rounds);
    const common = { seed, program: builtProgram, ...LOAD, say: console.log };
    const outcome = await runFaults({ ...common, faults, outageMs: seconds * 1000 });
    console.log(outcome.table);
    console.log(`${outcome.acknowledged} requests acknowledged, ${outcome.items} items in ${outcome.slices} slices`);
    if (outcome.faults.length > 0) throw new Error(`seed ${seed}:\n${outcome.faults.join('\n')}`);
    const mutant = await runFaults({ ...common, faults: MUTANT_FAULTS, outageMs: 0, mutateIds: true });
    const noticed = mutant.faults.find((fault) => /stored more than once/.test(fault));
    if (noticed === undefined) throw new Error('not noticed: ids that are not the same when documents come again');
    console.log(`ids that are not the same when documents come again: noticed (${noticed.slice(0, 80)} …)`);
  },
};
