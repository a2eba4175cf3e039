import type { Trace } from '@orrery/collector/api';
import { expect, test } from 'vitest';
import { treeOf, visibleRows } from './trace-tree.js';

function traceOf(spans: [parent: number, start: number, duration: number][]): Trace {
  return {
    columns: {
      parent: spans.map((span) => span[0]),
      start_ms: spans.map((span) => span[1]),
      duration_ms: spans.map((span) => span[2]),
      status: spans.map((_, i) => (i === 3 ? 'error' : 'unset')),
    },
  } as unknown as Trace;
}

// 0 ─ 1 ─ 3, 0 ─ 2, and 4 without a parent; breadth first, as parents before children allows.
const trace = traceOf([
  [-1, 0, 100],
  [0, 10, 40],
  [0, 40, 40],
  [1, 20, 10],
  [-1, 50, 5],
]);

test('draws depth first whatever order parents and children came in', () => {
  const tree = treeOf(trace);
  expect([...tree.order]).toEqual([0, 1, 3, 2, 4]);
  expect([...tree.depth]).toEqual([0, 1, 1, 2, 0]);
  expect([...tree.subtree]).toEqual([4, 2, 1, 1, 1]);
});

test('counts an error in every span above it', () => {
  expect([...treeOf(trace).errors]).toEqual([1, 1, 0, 1, 0]);
});

test('takes overlapping children from the self time once', () => {
  expect(treeOf(trace).self[0]).toBe(30);
  expect(treeOf(trace).self[1]).toBe(30);
});

test('hides the subtree of what is collapsed and puts log lines under their span', () => {
  const tree = treeOf(trace);
  expect([...visibleRows(tree, new Set([1]), null, null)]).toEqual([0, 1, 2, 4]);
  expect([...visibleRows(tree, new Set(), null, new Map([[3, [7]]]))]).toEqual([0, 1, 3, -8, 2, 4]);
  expect([...visibleRows(tree, new Set([0]), new Set([0, 3]), null)]).toEqual([0, 3]);
});

test('builds the tree of a hundred thousand spans in one deep chain without recursion', () => {
  const spans: [number, number, number][] = Array.from({ length: 100_000 }, (_, i) => [i - 1, i, 100_000 - i]);
  const tree = treeOf(traceOf(spans));
  expect(tree.maxDepth).toBe(99_999);
  expect(tree.subtree[0]).toBe(100_000);
});

test('survives a span that names itself or nothing real as its parent', () => {
  expect(
    treeOf(
      traceOf([
        [-1, 0, 1],
        [99, 0, 1],
      ]),
    ).size,
  ).toBe(1);
});
