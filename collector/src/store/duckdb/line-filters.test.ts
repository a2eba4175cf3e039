import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Signal } from '../../log/log-record.js';
import { untraced } from '../../self/step-trace.js';
import { hashOf } from './id-filter.js';
import { LineFilters } from './line-filters.js';
import { QueryRunner } from './read/query-runner.js';
import { RunningQuestions } from './running-questions.js';
import { type Slice, widen } from './slice.js';
import { Slices } from './slices.js';

let directory: string;
let instance: DuckDBInstance;
let connection: DuckDBConnection;
let runner: QueryRunner;
let slices: Slices;
let slice: Slice;
let filters: LineFilters;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'orrery-lines-'));
  instance = await DuckDBInstance.create();
  connection = await instance.connect();
  runner = await QueryRunner.open(instance, { connections: 2, timeoutMs: 30_000, waiting: 1 });
  slices = await Slices.open(connection, {
    directory,
    sliceMs: 3_600_000,
    questions: new RunningQuestions(),
    log: '',
    steps: untraced,
    warn: () => undefined,
    maxAttached: 9,
  });
  slice = await slices.get('2031-05-06T07-00-00');
  filters = new LineFilters(slices, runner);
});
afterEach(async () => {
  runner.close();
  await slices.close();
  connection.closeSync();
  instance.closeSync();
  await rm(directory, { recursive: true, force: true });
});

/** Commits lines `from` to `to` of as many traces. */
async function commit(from: number, to: number): Promise<void> {
  await connection.run(`INSERT INTO ${slice.catalog}.logs BY NAME (SELECT n AS position, 0 AS item, 0 AS time_nano,
    0 AS observed_nano, 0 AS severity, 0 AS flags, n AS trace_id, 0 AS span_id, 0 AS resource, 0 AS scope, 0 AS shape,
    '' AS severity_text, '' AS event_name, '' AS body, [] AS vals FROM range(${from}, ${to}) lines(n))`);
  widen(slice, Signal.logs, { items: to - from, minNano: 0n, maxNano: 0n });
}

const mayHave = (trace: number) => filters.mayHave(slice, hashOf(BigInt(trace)));
async function hits(from: number, to: number): Promise<number> {
  let count = 0;
  for (let trace = from; trace < to; trace++) if (await mayHave(trace)) count += 1;
  return count;
}

it('knows the traces of all lines that are committed, also of those that came since it was asked', async () => {
  await commit(1, 2001);
  expect(await hits(1, 2001)).toBe(2000);
  expect(await hits(2001, 4001)).toBeLessThan(20);
  for (let from = 2001; from < 4001; from += 500) {
    await commit(from, from + 500);
    const asked = await Promise.all([mayHave(from), mayHave(from + 499)]);
    expect(asked).toEqual([true, true]);
  }
  expect(await hits(1, 4001)).toBe(4000);
  expect(await hits(4001, 6001)).toBeLessThan(20);
});

it('leaves out nothing of a slice whose file is attached anew', async () => {
  await commit(1, 1001);
  expect(await hits(1, 1001)).toBe(1000);
  await slices.renew(slice);
  await commit(1001, 2001);
  expect(await hits(1, 2001)).toBe(2000);
  expect(await hits(2001, 3001)).toBeLessThan(20);
});

it('leaves out nothing of a slice that was dropped and is made again under its name', async () => {
  await commit(1, 2001);
  expect(await hits(1, 2001)).toBe(2000);
  await slices.drop(slice);
  await slices.removed();
  slice = await slices.get(slice.name);
  await commit(5001, 6001);
  expect(await hits(5001, 6001)).toBe(1000);
});

it('leaves out nothing of a slice that more came to than a question takes in', async () => {
  await commit(1, 100_001);
  expect(await hits(200_001, 200_101)).toBe(100);
});

it('leaves out nothing of a slice that can not be read', async () => {
  await commit(1, 1001);
  runner.close();
  expect(await hits(5001, 5011)).toBe(10);
});
