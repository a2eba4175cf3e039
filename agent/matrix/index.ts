import { parseArgs } from 'node:util';
import { KINDS } from './kinds.js';
import { ROWS } from './libraries.js';
import { runMatrix } from './matrix.js';
import { NODES } from './nodes.js';

const { values } = parseArgs({
  options: {
    library: { type: 'string', multiple: true },
    node: { type: 'string', multiple: true },
    kind: { type: 'string', multiple: true },
    json: { type: 'boolean', default: false },
  },
});
const rows = ROWS.filter(
  ({ library, version }) =>
    values.library?.some((wanted) => wanted === library || wanted === `${library}@${version.split('.')[0]}`) ?? true,
);
const cells = rows.flatMap((row) =>
  KINDS.filter((kind) => values.kind?.includes(kind) ?? true).flatMap((kind) =>
    NODES.filter((node) => values.node?.includes(String(node)) ?? true).map((node) => ({ row, kind, node })),
  ),
);
const results = await runMatrix(cells, 2, ({ library, version, kind, node, result, reasons }) => {
  process.stderr.write(
    `${result === 'passed' ? '✓' : result === 'n/a' ? '–' : '✗'} ${library}@${version} ${kind} Node ${node}\n`,
  );
  if (result === 'failed') for (const reason of reasons) process.stderr.write(`    ${reason}\n`);
});
if (results.some(({ result }) => result === 'failed')) process.exitCode = 1;
