import type { Battery } from '../battery.js';
import { builtProgram } from './kills.js';
import { cutPower } from './power-cut.js';
import { type KillsOptions, runKills } from './run-kills.js';

const DEFAULT_KILLS = 12;
/** What notes how much of each file is synced. */
export const OBSERVED = { ingest: ['synced-log'], store: ['synced-slices'] } as const;

/** A collector that breaks its promise in one place; the battery must notice. */
export interface Mutant {
  name: string;
  options: Pick<KillsOptions, 'preloads' | 'env' | 'powerCut' | 'aim'>;
  /** What the battery must say of it. */
  fault: RegExp;
}

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'the log is not synced before the answer, and the power is cut',
    // What notes the syncs is asked only for those that are real.
    options: { preloads: { ingest: ['synced-log', 'no-sync'], store: ['synced-slices'] }, powerCut: cutPower },
    fault: /acknowledged and are lost/,
  },
  {
    name: 'the cursor is committed apart from the rows',
    options: { preloads: { store: ['cursor-apart'] }, aim: ['store.committed'] },
    fault: /stored more than once/,
  },
  {
    name: 'bodies that come again are not recognised',
    options: { env: { ORRERY_INGEST__LOG__DEDUPE_MS: '0' }, aim: ['log.synced', 'log.marked'] },
    fault: /stored more than once/,
  },
];

/** Rejects when the battery finds nothing wrong with a mutant. */
export async function proveMutant(
  mutant: Mutant,
  options: Omit<KillsOptions, keyof Mutant['options']>,
): Promise<string> {
  const { faults } = await runKills({ ...options, ...mutant.options });
  const found = faults.find((fault) => mutant.fault.test(fault));
  if (found === undefined) throw new Error(`not noticed: ${mutant.name} (found ${faults.join('; ') || 'nothing'})`);
  return found;
}

export const mutants: Battery = {
  name: 'mutants',
  about:
    'proves the battery of kills: a collector that does not sync, commits the cursor apart or forgets bodies fails it',
  async run({ seed, rounds = DEFAULT_KILLS }) {
    for (const mutant of MUTANTS) {
      const found = await proveMutant(mutant, {
        seed,
        kills: rounds,
        program: builtProgram,
        say: () => undefined,
      });
      console.log(`  noticed: ${mutant.name}\n    ${found}`);
    }
  },
};

export const powerCuts: Battery = {
  name: 'power-cuts',
  about:
    'the power goes under load: unsynced bytes are lost, zero or garbage; everything acknowledged is there exactly once',
  async run({ seed, rounds = 50 }) {
    const outcome = await runKills({
      seed,
      kills: rounds,
      program: builtProgram,
      preloads: OBSERVED,
      powerCut: cutPower,
      say: console.log,
    });
    console.log(`${outcome.acknowledged} requests acknowledged, ${outcome.items} items in ${outcome.slices} slices`);
    if (outcome.faults.length > 0) throw new Error(`seed ${seed}:\n${outcome.faults.join('\n')}`);
  },
};
