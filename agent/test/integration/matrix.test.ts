import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { KINDS, type Kind } from '../../matrix/kinds.js';
import { ROWS, type Row } from '../../matrix/libraries.js';
import { runMatrix } from '../../matrix/matrix.js';
import { NODES, type NodeMajor } from '../../matrix/nodes.js';
import { type MatrixRun, tableOf } from '../../matrix/table.js';

const textOf = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const lastRun = JSON.parse(textOf('matrix/last-run.json')) as MatrixRun;

/** Making a bundle with webpack takes seconds, so two lines stand for all. */
const BUNDLED_BY_WEBPACK = ['express', 'hono'];
const QUICK: readonly Kind[] = ['cjs', 'esm', 'tsx', 'esbuild+plugin'];

/** What needs a server of its own, or cannot be tried, is not among the quick ones; the tests of those libraries start servers. */
const isQuick = ({ scenario: { app, needs } }: Row): boolean =>
  app !== 'otel/unserved' && (needs === undefined || needs === 'mqtt broker');

/** Every library once, in another way and on another Node than its neighbours. */
function cellOf(row: Row, index: number): { row: Row; kind: Kind; node: NodeMajor } {
  const nodes = NODES.filter((node) => node >= row.minNode);
  const choices = QUICK.flatMap((kind) => nodes.map((node) => ({ row, kind, node })));
  const start = (index * 5) % choices.length;
  const possible = [...choices.slice(start), ...choices.slice(0, start)];
  const found = possible.find(({ kind, node }) => row.why?.(kind, node) === undefined);
  return found as (typeof choices)[number];
}

it('sees every library, the ways to ship it and Nodes in turn', { timeout: 240_000 }, async () => {
  const quick = ROWS.filter(isQuick);
  const cells = quick.map(cellOf);
  const webpack = ROWS.filter(({ library }) => BUNDLED_BY_WEBPACK.includes(library)).map((row) => {
    return { row, kind: 'webpack+plugin', node: 20 } as const;
  });
  const results = await runMatrix([...cells, ...webpack], 2, () => undefined);
  expect(results.filter(({ result }) => result === 'failed')).toEqual([]);
  expect(results.filter(({ result }) => result === 'passed').length).toBeGreaterThanOrEqual(quick.length);
});

it('shows in the README what came out of the last whole run, in which nothing failed', () => {
  const cell = ({ library, version }: { library: string; version: string }, kind: Kind, node: number): string =>
    `${library} ${version} ${kind} ${node}`;
  const tried = lastRun.cells.map(({ kind, node, ...row }) => cell(row, kind, node));
  expect(tried).toEqual(ROWS.flatMap((row) => KINDS.flatMap((kind) => NODES.map((node) => cell(row, kind, node)))));
  expect(lastRun.cells.filter(({ result }) => result === 'failed')).toEqual([]);
  expect(textOf('README.md')).toContain(tableOf(lastRun));
});
