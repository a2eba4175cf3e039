import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { APPS } from './catalogue.js';
import { type Line, lineOf, tableOf } from './table.js';
import { type Tried, tryApp } from './try-app.js';

/** `npm run agent:apps -- [application …]`; ends with 1 when the agent changed something or missed something. */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    dir: { type: 'string', default: '../.tools/apps' },
    write: { type: 'boolean', default: false },
    verbose: { type: 'boolean', short: 'v', default: false },
    help: { type: 'boolean', short: 'h' },
  },
});
const HELP = `npm run agent:apps -- [application …] [--write] [--verbose]

Published applications under load, with the agent and without: ${[...new Set(APPS.map(({ name }) => name))].join(', ')}

  --dir folder   where they are installed (.tools/apps)
  --write        keep what came out, and write the table into the agent's README
  --verbose      every route and span that was seen
`;
const SHOWN = 20;
const SHOWN_CHARS = 1500;
const LAST_RUN = new URL('last-run.json', import.meta.url);
const README = new URL('../README.md', import.meta.url);

const isAsked = (name: string, version: string): boolean =>
  positionals.length === 0 || positionals.includes(name) || positionals.includes(`${name}@${version}`);
const unknown = positionals.filter(
  (asked) => !APPS.some(({ name, version }) => [name, `${name}@${version}`].includes(asked)),
);
if (values.help || unknown.length > 0) {
  process.stdout.write(unknown.length > 0 ? `unknown: ${unknown.join(', ')}\n\n${HELP}` : HELP);
  process.exitCode = unknown.length > 0 ? 1 : 0;
} else {
  await main();
}

async function main(): Promise<void> {
  const cache = resolve(values.dir);
  await mkdir(cache, { recursive: true });
  const lines: Line[] = [];
  for (const app of APPS.filter(({ name, version }) => isAsked(name, version))) {
    try {
      const tried = await tryApp(app, cache);
      lines.push(lineOf(tried));
      tell(tried);
    } catch (error) {
      process.exitCode = 1;
      process.stderr.write(`✗ ${app.name} ${app.version}: ${error instanceof Error ? error.message : String(error)}\n`);
    }
  }
  if (values.write) write(lines);
  process.stdout.write(`${tableOf(lines)}\n`);
}

function tell({ app, judgement, differences, endMs }: Tried): void {
  const faults = [...judgement.faults, ...differences];
  if (faults.length > 0) process.exitCode = 1;
  const ends = `ends in ${endMs.observed} ms (${endMs.plain} without)`;
  process.stderr.write(
    `${faults.length === 0 ? '✓' : '✗'} ${app.name} ${app.version}: ${judgement.spans} of ${judgement.requests} requests seen, ${ends}\n`,
  );
  for (const fault of faults.slice(0, SHOWN)) process.stderr.write(`    ${fault.slice(0, SHOWN_CHARS)}\n`);
  if (faults.length > SHOWN) process.stderr.write(`    and ${faults.length - SHOWN} more\n`);
  if (!values.verbose) return;
  for (const [name, count] of [...judgement.routes, ...judgement.otherSpans])
    process.stderr.write(`      ${count} × ${name}\n`);
}

/** Beside what is known of the others. */
function write(lines: readonly Line[]): void {
  const known = existsSync(LAST_RUN) ? (JSON.parse(readFileSync(LAST_RUN, 'utf8')) as Line[]) : [];
  const latest = new Map([...known, ...lines].map((line) => [line.name, line]));
  const all = APPS.flatMap(({ name, version }) => latest.get(`${name} ${version}`) ?? []);
  writeFileSync(LAST_RUN, `${JSON.stringify(all, null, 2)}\n`);
  const readme = readFileSync(README, 'utf8');
  writeFileSync(README, readme.replace(/(<!-- apps -->\n)[^]*?(\n<!-- \/apps -->)/, `$1${tableOf(all)}$2`));
}
