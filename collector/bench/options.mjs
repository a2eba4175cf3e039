import { parseArgs } from 'node:util';

const OPTIONS = {
  seconds: { type: 'string', about: 'of load in a round (write, small: 8; steady: 30; soak: 360 in all)' },
  rounds: { type: 'string', about: 'of each measurement, 3 unless said otherwise; of query: questions of a kind (50)' },
  rate: {
    type: 'string',
    about: 'items a second of steady (50000) and of soak (25000, spans, lines and points together)',
  },
  signal: { type: 'string', about: 'traces, logs or metrics alone (write, steady, small, elasticsearch)' },
  connections: { type: 'string', about: 'that send (8)' },
  dir: { type: 'string', about: 'query: a folder to fill the first time and to use again' },
  spans: { type: 'string', about: 'query: how many it is filled with (10000000)' },
  slices: { type: 'string', about: 'query: in how many slices (72)' },
  unsealed: { type: 'boolean', about: 'query: leave slices as they were written' },
  help: { type: 'boolean', short: 'h', about: 'this' },
};
const NUMBERS = ['seconds', 'rounds', 'rate', 'connections', 'spans', 'slices'];
const SIGNALS = ['traces', 'logs', 'metrics'];

/** The command line cannot be understood; the message is a sentence that says what can. */
export class UsageError extends Error {}

/**
 * What was asked for; what was not is undefined.
 * @param {string[]} argv
 * @param {string[]} names of the parts there are
 * @throws UsageError
 */
export function readOptions(argv, names) {
  const { values, positionals } = parsed(argv);
  const unknown = positionals.filter((name) => !names.includes(name));
  if (unknown.length > 0)
    throw new UsageError(`There is no part "${unknown.join('", "')}": the parts are ${names.join(', ')}.`);
  for (const key of NUMBERS) {
    if (values[key] === undefined) continue;
    const number = Number(values[key]);
    if (!(number > 0)) throw new UsageError(`--${key} is a number above 0, not "${String(values[key])}".`);
    values[key] = number;
  }
  if (values.signal !== undefined && !SIGNALS.includes(values.signal))
    throw new UsageError(`--signal is one of ${SIGNALS.join(', ')}, not "${String(values.signal)}".`);
  return { values, chosen: positionals };
}

/** @param {{ name: string, about: string, takes: string }[]} parts */
export function helpText(parts) {
  const lines = (rows) => rows.map(([left, right]) => `  ${left.padEnd(16)} ${right}`).join('\n');
  const options = Object.entries(OPTIONS).map(([name, { type, about }]) => [
    `--${name}${type === 'string' ? ' …' : ''}`,
    about,
  ]);
  return `npm run bench -- collector [parts] [options]

Figures of several rounds are medians, with the least and the most beside them. Compare ratios of one run, on a machine
that does nothing else. Keys of the configuration can be set: ORRERY_DUCKDB__SLICE_MINUTES=1 npm run bench -- …

Parts, all when none is named; how long one takes is for its defaults on two cores:
${lines(parts.map(({ name, about, takes }) => [name, `${about} (${takes})`]))}

Options:
${lines(options)}
`;
}

function parsed(argv) {
  const options = Object.fromEntries(
    Object.entries(OPTIONS).map(([name, { type, short }]) => [name, short ? { type, short } : { type }]),
  );
  try {
    return parseArgs({ args: argv, allowPositionals: true, options });
  } catch (error) {
    const [first] = error.message.split(/\. |\n/);
    throw new UsageError(`${first.replace(/\.$/, '')}: --help shows the options there are.`);
  }
}
