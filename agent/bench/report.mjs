import { readFileSync, writeFileSync } from 'node:fs';
import { arch, cpus, platform, totalmem } from 'node:os';

export const median = (values) => [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? NaN;

/** Figures that are told as they are; of all others what is told is how much more it is than without an agent. */
const AS_IS = new Set(['spans a request', 'bytes sent a request']);

/** Measured values, by what was measured, figure and variant. */
export class Results {
  values = new Map();

  note(subject, figure, variant, value) {
    const key = `${subject}\u0000${figure}`;
    const byVariant = this.values.get(key) ?? new Map();
    this.values.set(key, byVariant);
    byVariant.set(variant, [...(byVariant.get(variant) ?? []), value]);
  }

  /** Median of a variant, over that without an agent unless it is a figure that is told as it is. */
  added(subject, figure, variant) {
    const byVariant = this.values.get(`${subject}\u0000${figure}`);
    const own = byVariant?.get(variant);
    if (own === undefined) return undefined;
    return median(own) - (AS_IS.has(figure) ? 0 : median(byVariant.get('none')));
  }

  print(variants) {
    for (const [key, byVariant] of this.values) {
      const [subject, figure] = key.split('\u0000');
      console.log(`\n${subject}: ${figure}`);
      for (const { name } of variants) {
        const values = byVariant.get(name);
        if (values === undefined) continue;
        const range = `${shown(Math.min(...values))} – ${shown(Math.max(...values))}`;
        const added = name === 'none' || AS_IS.has(figure) ? '' : signed(this.added(subject, figure, name));
        console.log(`  ${name.padEnd(44)} ${shown(median(values)).padStart(9)}  (${range})`.padEnd(84) + added);
      }
    }
  }
}

function shown(value) {
  return Math.abs(value) >= 1000 ? value.toFixed(0) : value.toFixed(Math.abs(value) < 10 ? 2 : 1);
}

function signed(value) {
  return value === undefined || Number.isNaN(value) ? '–' : `${value >= 0 ? '+' : '−'}${shown(Math.abs(value))}`;
}

/** One line about where the figures come from. */
export function machine() {
  const memory = Math.round(totalmem() / 2 ** 30);
  return `Node ${process.version}, ${platform()} ${arch()}, ${cpus().length} × ${cpus()[0]?.model ?? '?'}, ${memory} GB`;
}

/** Rows of the README's table: subject, figure, title. */
const ROWS = [
  ['node:http', 'CPU, µs a request', 'node:http: CPU, µs a request'],
  ['express', 'CPU, µs a request', 'express: CPU, µs a request'],
  ['fastify, pino', 'CPU, µs a request', 'fastify and pino: CPU, µs a request'],
  ['pg', 'CPU, µs a request', 'fastify, pino and pg: CPU, µs a request'],
  ['http2', 'CPU, µs a request', 'http2: CPU, µs a request'],
  ['express', 'requests a second', 'express: requests a second, of one busy thread'],
  ['express', 'p99, ms', 'express: p99, ms'],
  ['express', 'bytes sent a request', 'express: bytes sent a request'],
  ['express', 'spans a request', 'express: spans a request'],
  ['start, nothing', 'main thread, ms', 'start: ms on the main thread'],
  ['start, nothing', 'wall, ms', 'start and end: ms of the whole process'],
  ['start, pg', 'main thread, ms', 'start of an application that loads pg: ms on the main thread'],
  ['start, ES modules, hono installed', 'main thread, ms', 'start of ES modules with hono: ms on the main thread'],
  ['node:http', 'RSS, MB', 'memory under load (node:http), MB'],
  ['pg', 'RSS, MB', 'memory under load (fastify, pino and pg), MB'],
];

/** Puts the table between the marks of the README. */
export function writeTable(results, variants, file, heading) {
  const others = variants.filter(({ name }) => name !== 'none');
  const lines = [
    heading,
    '',
    `| added by | ${others.map(({ name, version }) => `${name} ${version}`).join(' | ')} |`,
    `|---|${others.map(() => '--:').join('|')}|`,
  ];
  for (const [subject, figure, title] of ROWS) {
    const cells = others.map(({ name }) => results.added(subject, figure, name));
    if (cells.every((cell) => cell === undefined)) continue;
    const text = cells.map((cell) => (AS_IS.has(figure) && cell !== undefined ? shown(cell) : signed(cell)));
    lines.push(`| ${title} | ${text.join(' | ')} |`);
  }
  const readme = readFileSync(file, 'utf8');
  const [start, end] = ['<!-- bench -->', '<!-- /bench -->'];
  const before = readme.slice(0, readme.indexOf(start) + start.length);
  writeFileSync(file, `${before}\n${lines.join('\n')}\n${readme.slice(readme.indexOf(end))}`);
}
