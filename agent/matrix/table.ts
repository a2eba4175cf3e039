import { KINDS } from './kinds.js';
import type { Cell } from './matrix.js';
import { NODES } from './nodes.js';

/** What is kept of a run: the cells, and what they ran on. */
export interface MatrixRun {
  readonly nodes: Readonly<Record<string, string>>;
  readonly cells: readonly Cell[];
}

/** The matrix as Markdown: a line for each library, a column for each way to ship it; `✓` means on every Node tried. */
export function tableOf({ cells }: MatrixRun): string {
  const notes: string[] = [];
  const rows = new Map<string, Cell[]>();
  for (const cell of cells) {
    const name = cell.version === 'Node' ? `${cell.library} (Node)` : `${cell.library} ${cell.version}`;
    rows.set(name, [...(rows.get(name) ?? []), cell]);
  }
  const lines = [...rows].map(([name, ofRow]) => {
    const columns = KINDS.map((kind) =>
      shown(
        ofRow.filter((cell) => cell.kind === kind),
        notes,
      ),
    );
    return `| ${[name, ...columns].join(' | ')} |`;
  });
  return [
    `| library | ${KINDS.join(' | ')} |`,
    `|---|${KINDS.map(() => ':-:|').join('')}`,
    ...lines,
    '',
    ...notes.map((note, index) => `${index + 1}. ${note}`),
  ].join('\n');
}

function shown(cells: readonly Cell[], notes: string[]): string {
  const passed = cells.filter(({ result }) => result === 'passed').map(({ node }) => node);
  const failed = cells.filter(({ result }) => result === 'failed').map(({ node }) => node);
  const reasons = new Set(cells.filter(({ result }) => result === 'n/a').flatMap((cell) => cell.reasons));
  const marks = [...reasons].map((reason) => {
    if (!notes.includes(reason)) notes.push(reason);
    return `<sup>${notes.indexOf(reason) + 1}</sup>`;
  });
  const good = passed.length === NODES.length ? '✓' : passed.length > 0 ? `✓ ${passed.join(' ')}` : '';
  const bad = failed.length > 0 ? `✗ ${failed.join(' ')}` : '';
  const nothing = good === '' && bad === '' ? 'n/a' : '';
  return [good, bad, nothing].filter((part) => part !== '').join(' ') + marks.join('');
}
