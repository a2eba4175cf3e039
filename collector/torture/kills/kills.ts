import { fileURLToPath } from 'node:url';
import type { Battery } from '../battery.js';
import { runKills } from './run-kills.js';
import { WINDOWS } from './windows.js';

const DEFAULT_KILLS = 200;
/** How often each window that is aimed at must have been struck, of so many kills. */
const ENOUGH = { strikes: 5, kills: 200 };

/** The built program, as an operator starts it. */
export const builtProgram = [fileURLToPath(new URL('../../dist/main.js', import.meta.url))];

export const kills: Battery = {
  name: 'kills',
  about: 'kill -9 of intake and store under load: everything acknowledged is there exactly once',
  async run({ seed, rounds = DEFAULT_KILLS }) {
    const outcome = await runKills({ seed, kills: rounds, program: builtProgram, say: console.log });
    console.log(outcome.strikes.table());
    console.log(
      `${outcome.acknowledged} requests acknowledged, ${outcome.storedUnknown} more stored without an answer, ` +
        `${outcome.items} items in ${outcome.slices} slices`,
    );
    const missed = WINDOWS.filter(({ aimed }) => aimed).filter(
      (window) => outcome.strikes.of(window) < Math.floor((ENOUGH.strikes * rounds) / ENOUGH.kills),
    );
    const faults = [...outcome.faults, ...missed.map(({ role, text }) => `${role}: too few kills between ${text}`)];
    if (faults.length > 0) throw new Error(`seed ${seed}:\n${faults.join('\n')}`);
  },
};
