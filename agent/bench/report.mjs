import { readFileSync, writeFileSync } from 'node:fs';
import { barsOf, verdict } from './bars.mjs';
import { shown, signed } from './figures-text.mjs';
import { CPU, isAsItIs, isRelative } from './results.mjs';

/** Everything that was measured, with its spread and what each agent adds. */
export function print(results, variants) {
  for (const [subject, figures] of results.subjects) {
    for (const figure of figures.keys()) {
      console.log(`\n${subject}: ${figure}`);
      for (const { name } of variants) {
        const measured = results.measured(subject, figure, name);
        if (measured === undefined) continue;
        const line = `  ${name.padEnd(44)} ${shown(measured.median).padStart(9)}  (${shown(measured.low)} – ${shown(measured.high)})`;
        console.log(
          name === 'none' || isAsItIs(figure) ? line : line.padEnd(84) + cell(results, subject, figure, name),
        );
      }
    }
  }
  console.log('');
  for (const bar of barsOf(results))
    console.log(`${bar.text}: ${found(bar)}, at most ${shown(bar.most)}: ${verdict(bar)}`);
}

/** Rows of the README's table: subject, figure, title. */
const ROWS = [
  ['node:http', CPU, 'node:http: CPU, µs a request'],
  ['express', CPU, 'express: CPU, µs a request'],
  ['fastify, pino', CPU, 'fastify and pino: CPU, µs a request'],
  ['pg', CPU, 'fastify, pino and pg: CPU, µs a request'],
  ['http2', CPU, 'http2: CPU, µs a request'],
  ['node:http', 'requests a second', 'node:http: requests a second'],
  ['express', 'requests a second', 'express: requests a second'],
  ['pg', 'requests a second', 'fastify, pino and pg: requests a second'],
  ['express', 'p99, ms', 'express: p99, ms'],
  ['pg', 'p99, ms', 'fastify, pino and pg: p99, ms'],
  ['start, nothing', 'main thread, ms', 'start: ms on the main thread'],
  ['start, nothing', 'wall, ms', 'start and end: ms of the whole process'],
  ['start, pg', 'main thread, ms', 'start of an application that loads pg: ms on the main thread'],
  ['start, ES modules, hono installed', 'main thread, ms', 'start of ES modules with hono: ms on the main thread'],
  ['idle', 'CPU, ms a second', 'idle: CPU, ms a second'],
  ['node:http', 'RSS, MB', 'memory under load (node:http), MB'],
  ['pg', 'RSS, MB', 'memory under load (fastify, pino and pg), MB'],
  ['express', 'bytes sent a request', 'express: bytes sent a request'],
  ['express', 'spans a request', 'express: spans that arrived, a request'],
  ['pg', 'bytes sent a request', 'fastify, pino and pg: bytes sent a request'],
  ['pg', 'spans a request', 'fastify, pino and pg: spans that arrived, a request'],
  ['pg', 'log records a request', 'fastify, pino and pg: log records that arrived, a request'],
];

/** Puts the bars and the table between the marks of the README. */
export function writeTables(results, variants, file, heading) {
  const others = variants.filter(({ name }) => name !== 'none');
  const lines = [
    heading,
    '',
    '| what is promised | at most | measured | |',
    '|---|--:|--:|---|',
    ...barsOf(results).map((bar) => `| ${bar.text} | ${shown(bar.most)} | ${found(bar)} | ${verdict(bar)} |`),
    '',
    `| added by | ${others.map(({ name, version }) => `${name} ${version}`).join(' | ')} |`,
    `|---|${others.map(() => '--:').join('|')}|`,
  ];
  for (const [subject, figure, title] of ROWS) {
    const cells = others.map(({ name }) => cell(results, subject, figure, name));
    if (cells.some((text) => text !== '–')) lines.push(`| ${title} | ${cells.join(' | ')} |`);
  }
  const readme = readFileSync(file, 'utf8');
  const [start, end] = ['<!-- bench -->', '<!-- /bench -->'];
  const before = readme.slice(0, readme.indexOf(start) + start.length);
  writeFileSync(file, `${before}\n${lines.join('\n')}\n${readme.slice(readme.indexOf(end))}`);
}

/** Median and range of what a variant adds. */
function cell(results, subject, figure, variant) {
  const added = results.added(subject, figure, variant);
  if (added === undefined) return '–';
  const text = isAsItIs(figure) ? shown : signed;
  const unit = isRelative(figure) ? ' %' : '';
  if (added.low === added.high) return text(added.median) + unit;
  return `${text(added.median)}${unit} (${text(added.low)} … ${text(added.high)})`;
}

function found({ found: { median, low, high } }) {
  return low === high ? shown(median) : `${shown(median)} (${shown(low)} … ${shown(high)})`;
}
