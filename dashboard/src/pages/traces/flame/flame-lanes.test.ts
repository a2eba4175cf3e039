import type { Trace } from '@orrery/collector/api';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { treeOf } from '../waterfall/trace-tree.js';
import { besideOf, spanAt } from './flame-hit.js';
import { flameLanes } from './flame-lanes.js';

type Given = [parent: number, start: number, duration: number, status?: 'error'];

function traceOf(spans: readonly Given[]): Trace {
  return {
    columns: {
      parent: spans.map(([parent]) => parent),
      start_ms: spans.map(([, start]) => start),
      duration_ms: spans.map(([, , duration]) => duration),
      status: spans.map(([, , , status]) => status ?? 'unset'),
    },
  } as unknown as Trace;
}

function lanesOf(spans: readonly Given[]) {
  const trace = traceOf(spans);
  return { trace, lanes: flameLanes(trace, treeOf(trace)) };
}

test('keeps what follows each other in one lane and gives what runs at once a lane each', () => {
  const { lanes } = lanesOf([
    [-1, 0, 100],
    [0, 0, 30],
    [0, 30, 30],
    [0, 40, 30],
    [0, 50, 30],
    [0, 90, 10],
  ]);
  expect([...lanes.lane]).toEqual([0, 1, 1, 2, 3, 1]);
  expect(lanes.count).toBe(4);
});

test('puts a block of spans below the whole block it runs beside, so that nobody stands under a stranger', () => {
  const { lanes } = lanesOf([
    [-1, 0, 100],
    [0, 0, 60],
    [0, 10, 60],
    [1, 20, 20],
    [2, 20, 20],
  ]);
  expect([...lanes.lane]).toEqual([0, 1, 3, 2, 4]);
});

test('begins at the top again when everything before is over, however deep it was', () => {
  const { lanes } = lanesOf([
    [-1, 0, 100],
    [0, 0, 40],
    [1, 0, 40],
    [2, 0, 40],
    [0, 50, 20],
    [0, 55, 20],
  ]);
  expect([...lanes.lane]).toEqual([0, 1, 2, 3, 1, 2]);
});

test('tells spans apart that have no duration, and keeps one that outlives its parent free of others', () => {
  const { lanes } = lanesOf([
    [-1, 0, 100],
    [0, 5, 0],
    [0, 5, 0],
    [0, 10, 10],
    [3, 15, 50],
    [0, 30, 10],
  ]);
  expect(lanes.lane[1]).not.toBe(lanes.lane[2]);
  // The last begins after its sibling ended, but that one's child still runs.
  expect([3, 4, 5].map((span) => lanes.lane[span])).toEqual([1, 2, 3]);
});

test('never draws a span over another, nor under anybody but its own ancestors', () => {
  const spans = fc.array(fc.tuple(fc.nat(), fc.nat(60), fc.nat(30)), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(spans, (given) => {
      const rows = given.map(
        ([seed, start, duration], at): Given => [at === 0 ? -1 : (seed % (at + 1)) - 1, start, duration],
      );
      const { lanes } = lanesOf(rows);
      const end = (row: number) => (rows[row]?.[1] ?? 0) + Math.max(1e-6, rows[row]?.[2] ?? 0);
      const overlap = (a: number, b: number) => (rows[a]?.[1] ?? 0) < end(b) && (rows[b]?.[1] ?? 0) < end(a);
      const isUnder = (row: number, top: number): boolean =>
        row >= 0 && (row === top || isUnder(rows[row]?.[0] ?? -1, top));
      for (let a = 0; a < rows.length; a += 1) {
        const parent = rows[a]?.[0] ?? -1;
        for (let b = 0; b < rows.length; b += 1) {
          if (a === b || !overlap(a, b)) continue;
          const [own, other] = [lanes.lane[a] as number, lanes.lane[b] as number];
          expect(other).not.toBe(own);
          const isBetween = parent >= 0 && other > (lanes.lane[parent] as number) && other < own;
          if (isBetween) expect(isUnder(b, parent)).toBe(true);
        }
        if (parent >= 0) expect(lanes.lane[a]).toBeGreaterThan(lanes.lane[parent] as number);
      }
    }),
  );
});

test('finds what is drawn where one points, a thin error before its neighbour', () => {
  const { trace, lanes } = lanesOf([
    [-1, 0, 1000],
    [0, 0, 500],
    [0, 100, 500],
    [0, 500, 0.01, 'error'],
    [0, 501, 400],
  ]);
  expect(spanAt(trace, lanes, 1, 250, 1)).toBe(1);
  expect(spanAt(trace, lanes, 2, 250, 1)).toBe(2);
  expect(spanAt(trace, lanes, 2, 50, 1)).toBe(-1);
  expect(spanAt(trace, lanes, lanes.lane[3] as number, 500.5, 1)).toBe(3);
  expect(spanAt(trace, lanes, lanes.lane[4] as number, 700, 1)).toBe(4);
  expect(spanAt(trace, lanes, lanes.count, 250, 1)).toBe(-1);
  expect([...lanes.errors]).toEqual([lanes.lane[3]]);
  expect(besideOf(lanes, 1, -1)).toBe(-1);
  expect(besideOf(lanes, besideOf(lanes, 1, 1), -1)).toBe(1);
});

test('lays out a hundred thousand spans, all at once below one or in one deep chain', () => {
  const wide = lanesOf(Array.from({ length: 100_000 }, (_, at): Given => [at === 0 ? -1 : 0, at / 1000, 1000]));
  expect(wide.lanes.count).toBe(100_000);
  const deep = lanesOf(Array.from({ length: 100_000 }, (_, at): Given => [at - 1, at, 200_000 - 2 * at]));
  expect(deep.lanes.count).toBe(100_000);
  const beside = lanesOf(Array.from({ length: 100_000 }, (_, at): Given => [at === 0 ? -1 : 0, at, 1]));
  expect(beside.lanes.count).toBe(2);
});
