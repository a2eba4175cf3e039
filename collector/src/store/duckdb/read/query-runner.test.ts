import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Params } from './params.js';
import { QueryRunner } from './query-runner.js';

/** Takes minutes, unless somebody ends it. */
const SLOW = 'SELECT sum(a.range * b.range) AS n FROM range(10000000) a, range(1000000) b';
const NOBODY = new AbortController().signal;

let instance: DuckDBInstance;
beforeEach(async () => {
  instance = await DuckDBInstance.create(':memory:');
});
afterEach(() => instance.closeSync());

it('ends the work of a question that nobody waits for, and answers the next', async () => {
  const runner = await QueryRunner.open(instance, { connections: 1, timeoutMs: 60_000, waiting: 1 });
  const client = new AbortController();
  const slow = runner.rows(SLOW, new Params(), client.signal);
  const next = runner.rows('SELECT 1 AS n', new Params(), NOBODY);
  client.abort(new Error('gone'));
  await expect(slow).rejects.toThrow('gone');
  expect(await next).toEqual([{ n: 1 }]);
  runner.close();
});

it('ends what takes too long, and says to ask for less', async () => {
  const runner = await QueryRunner.open(instance, { connections: 1, timeoutMs: 50, waiting: 1 });
  await expect(runner.rows(SLOW, new Params(), NOBODY)).rejects.toMatchObject({ code: 'question_too_large' });
  runner.close();
});

it('refuses more than may wait, and has room again when one stops waiting', async () => {
  const runner = await QueryRunner.open(instance, { connections: 1, timeoutMs: 60_000, waiting: 1 });
  const running = new AbortController();
  const waiting = new AbortController();
  const first = runner.rows(SLOW, new Params(), running.signal);
  const second = runner.rows('SELECT 2 AS n', new Params(), waiting.signal);
  await expect(runner.rows('SELECT 3 AS n', new Params(), NOBODY)).rejects.toMatchObject({ code: 'store_unavailable' });
  waiting.abort(new Error('gone, too'));
  await expect(second).rejects.toThrow('gone, too');
  const third = runner.rows('SELECT 3 AS n', new Params(), NOBODY);
  running.abort(new Error('gone'));
  await expect(first).rejects.toThrow('gone');
  expect(await third).toEqual([{ n: 3 }]);
  runner.close();
});
