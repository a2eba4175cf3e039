import { parseArgs } from 'node:util';
import { VARIANTS } from './variants.mjs';

export const APPS = ['node:http', 'express', 'fastify, pino', 'pg', 'http2'];

/** Left out of a quick run. */
const LONGER = new Set(['http2', 'idle']);

export const HELP = `npm run bench -- agent [options]            what agents cost, side by side, in one interleaved run
npm run bench -- agent memory [options]     whether memory stays flat under load with errors, with the agent and without

  --rounds N       how often each is measured (default 4; medians are told, with the range)
  --requests N     requests a round, after 5000 to warm up (default 10000)
  --only A,B       only these: ${VARIANTS.join(', ')}
                   or these: ${APPS.map((app) => (app.includes(',') ? `"${app}"` : app)).join(', ')}, start, idle
  --quick          one round of 3000 requests, without http2 and idle unless they are asked for
  --write          puts the figures into the README, after every round
  --seconds N      memory: how long (default 60)
  --help`;

/** @returns {{ rounds: number, requests: number, variants: string[], figures: string[], write: boolean, seconds: number, memory: boolean, help: boolean }} */
export function readOptions(args) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      rounds: { type: 'string' },
      requests: { type: 'string' },
      only: { type: 'string', multiple: true, default: [] },
      quick: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      seconds: { type: 'string', default: '60' },
      help: { type: 'boolean', default: false },
    },
  });
  const only = values.only.flatMap((list) =>
    APPS.includes(list) ? [list] : list.split(',').map((name) => name.trim()),
  );
  const figures = [...APPS, 'start', 'idle'];
  const unknown = only.find((name) => !VARIANTS.includes(name) && !figures.includes(name));
  if (unknown !== undefined) throw new Error(`--only ${unknown}: not known\n\n${HELP}`);
  const chosen = (all) => (only.some((name) => all.includes(name)) ? all.filter((name) => only.includes(name)) : all);
  return {
    rounds: Number(values.rounds ?? (values.quick ? 1 : 4)),
    requests: Number(values.requests ?? (values.quick ? 3000 : 10_000)),
    // Costs are differences: without the agent is always measured.
    variants: [...new Set(['none', ...chosen(VARIANTS)])],
    figures: chosen(figures).filter((name) => !values.quick || only.includes(name) || !LONGER.has(name)),
    write: values.write,
    seconds: Number(values.seconds),
    memory: positionals.includes('memory'),
    help: values.help,
  };
}
