import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { KINDS } from './kinds.js';
import { ROWS } from './libraries.js';
import { runMatrix } from './matrix.js';
import { NODES, nodeProgram } from './nodes.js';
import { type MatrixRun, tableOf } from './table.js';

/** `npm run agent:matrix -- [options]`; ends with 1 when a cell failed. */
const { values } = parseArgs({
  options: {
    library: { type: 'string', multiple: true },
    node: { type: 'string', multiple: true },
    kind: { type: 'string', multiple: true },
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const HELP = `npm run agent:matrix -- [--library express@4] [--kind esm] [--node 22] [--json] [--write]

  --library, --kind, --node   only these; may be repeated. Kinds: ${KINDS.join(', ')}
  --json                      the cells on stdout instead of the table
  --write                     keep the run and write its table into the README (a whole run)
`;
const LAST_RUN = new URL('last-run.json', import.meta.url);
const README = new URL('../README.md', import.meta.url);

if (values.help) process.stdout.write(HELP);
else await main();

async function main(): Promise<void> {
  const isWanted = (library: string, version: string): boolean =>
    values.library?.some((name) => name === library || name === `${library}@${version.split('.')[0]}`) ?? true;
  const cells = ROWS.filter(({ library, version }) => isWanted(library, version)).flatMap((row) =>
    KINDS.filter((kind) => values.kind?.includes(kind) ?? true).flatMap((kind) =>
      NODES.filter((node) => values.node?.includes(String(node)) ?? true).map((node) => ({ row, kind, node })),
    ),
  );
  const results = await runMatrix(cells, 2, ({ library, version, kind, node, result, reasons }) => {
    const sign = { passed: '✓', failed: '✗', 'n/a': '–' }[result];
    process.stderr.write(`${sign} ${library}@${version} ${kind} Node ${node}\n`);
    if (result === 'failed') for (const reason of reasons) process.stderr.write(`    ${reason}\n`);
  });
  const run: MatrixRun = { nodes: nodeVersions(), cells: results };
  if (values.write) {
    writeFileSync(LAST_RUN, `${JSON.stringify(run, null, 1)}\n`);
    const readme = readFileSync(README, 'utf8');
    writeFileSync(README, readme.replace(/(<!-- matrix -->\n)[^]*?(\n<!-- \/matrix -->)/, `$1${tableOf(run)}$2`));
  }
  process.stdout.write(`${values.json ? JSON.stringify(run) : tableOf(run)}\n`);
  if (results.some(({ result }) => result === 'failed')) process.exitCode = 1;
}

function nodeVersions(): Record<string, string> {
  return Object.fromEntries(
    NODES.flatMap((major) => {
      const program = nodeProgram(major);
      return program === undefined ? [] : [[String(major), execFileSync(program, ['--version']).toString().trim()]];
    }),
  );
}
