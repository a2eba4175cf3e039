import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { KINDS } from './kinds.js';
import { ROWS } from './libraries.js';
import { type Cell, runMatrix } from './matrix.js';
import { NODES, nodeProgram } from './nodes.js';
import { type MatrixRun, tableOf } from './table.js';

/** `npm run agent:matrix -- [options]`; ends with 1 when a cell failed. */
const { values } = parseArgs({
  options: {
    library: { type: 'string', multiple: true },
    node: { type: 'string', multiple: true },
    kind: { type: 'string', multiple: true },
    'at-once': { type: 'string', default: '2' },
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const HELP = `npm run agent:matrix -- [--library express@4] [--kind esm] [--node 22] [--json] [--write]

  --library, --kind, --node   only these; may be repeated. Kinds: ${KINDS.join(', ')}
  --json                      the cells on stdout instead of the table
  --at-once                   cells that run at the same time (2)
  --write                     keep what was tried beside what is known, and write the table of all into the README
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
  const results = await runMatrix(
    cells,
    Number(values['at-once']),
    ({ library, version, kind, node, result, reasons }) => {
      const sign = { passed: '✓', failed: '✗', 'n/a': '–' }[result];
      process.stderr.write(`${sign} ${library}@${version} ${kind} Node ${node}\n`);
      if (result === 'failed') for (const reason of reasons) process.stderr.write(`    ${reason}\n`);
    },
  );
  const tried: MatrixRun = { nodes: nodeVersions(), cells: results };
  const run = values.write ? withKnown(tried) : tried;
  if (values.write) {
    writeFileSync(
      LAST_RUN,
      `{"nodes":${JSON.stringify(run.nodes)},"cells":[\n${run.cells.map((cell) => JSON.stringify(cell)).join(',\n')}\n]}\n`,
    );
    const readme = readFileSync(README, 'utf8');
    writeFileSync(README, readme.replace(/(<!-- matrix -->\n)[^]*?(\n<!-- \/matrix -->)/, `$1${tableOf(run)}$2`));
  }
  process.stdout.write(`${values.json ? JSON.stringify(run) : tableOf(run)}\n`);
  if (results.some(({ result }) => result === 'failed')) process.exitCode = 1;
}

/** Cells of rows that there still are, in their order: those just tried, else those of the last run. */
function withKnown({ nodes, cells }: MatrixRun): MatrixRun {
  const known = existsSync(LAST_RUN) ? (JSON.parse(readFileSync(LAST_RUN, 'utf8')) as MatrixRun).cells : [];
  const keyOf = ({ library, version, kind, node }: Omit<Cell, 'result' | 'reasons'>): string =>
    `${library} ${version} ${kind} ${node}`;
  const latest = new Map([...known, ...cells].map((cell) => [keyOf(cell), cell]));
  const all = ROWS.flatMap(({ library, version }) =>
    KINDS.flatMap((kind) => NODES.flatMap((node) => latest.get(keyOf({ library, version, kind, node })) ?? [])),
  );
  return { nodes, cells: all };
}

function nodeVersions(): Record<string, string> {
  return Object.fromEntries(
    NODES.flatMap((major) => {
      const program = nodeProgram(major);
      return program === undefined ? [] : [[String(major), execFileSync(program, ['--version']).toString().trim()]];
    }),
  );
}
