import { parseArgs } from 'node:util';
import type { Battery } from './battery.js';
import { clock } from './clock/battery.js';
import { elasticsearch } from './elasticsearch/battery.js';
import { fuzz } from './fuzz/battery.js';
import { kills } from './kills/kills.js';
import { mutants, powerCuts } from './kills/mutants.js';
import { overload } from './overload/battery.js';

/** In the order in which they run. */
const batteries: Battery[] = [fuzz, overload, kills, mutants, powerCuts, clock, elasticsearch];

const usage = [
  'npm run torture -- [battery …] [--seed N] [--rounds N] [--seconds N]',
  '',
  ...batteries.map(({ name, about }) => `  ${name.padEnd(16)} ${about}`),
].join('\n');

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string' },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
});
const number = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));
const unknown = positionals.filter((asked) => !batteries.some(({ name }) => name === asked));

if (values.help) console.log(usage);
else if (unknown.length > 0) {
  console.error(`unknown: ${unknown.join(', ')}\n\n${usage}`);
  process.exitCode = 1;
} else {
  const seed = number(values.seed) ?? Math.floor(Math.random() * 2 ** 31);
  for (const battery of batteries) {
    if (positionals.length > 0 && !positionals.includes(battery.name)) continue;
    console.log(`\n${battery.name} (seed ${seed}): ${battery.about}`);
    await battery.run({ seed, rounds: number(values.rounds), seconds: number(values.seconds) });
  }
}
