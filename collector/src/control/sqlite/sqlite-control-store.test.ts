import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Alert, CheckDefinition, CheckRun } from '../../api/contract/index.js';
import { CONTROL_BOUNDS } from '../bounds.js';
import type { ControlStore } from '../control-store.js';
import { openSqliteControlStore } from './sqlite-control-store.js';

let folder: string;
let store: ControlStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'orrery-control-'));
  store = openSqliteControlStore(join(folder, 'control.sqlite'));
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

const definition = CheckDefinition.parse({
  name: 'buy',
  kind: 'http',
  title: 'Buying works',
  file: 'buy.check.yaml',
  schedule: 'every 30 s',
});
const run = (number: number, verdict = 'pass') =>
  CheckRun.parse({
    run_id: `run-${number}`,
    check: 'buy',
    started: String(1000 + number),
    duration_ms: 5,
    verdict,
    sentence: 'ok',
  });
const alert = (over: object = {}) =>
  Alert.parse({
    id: 'buy',
    check: 'buy',
    title: 'Buying',
    severity: 'page',
    state: 'pending',
    since: '1',
    pending_since: '1',
    fired_at: null,
    resolved_at: null,
    sentence: 'It fails.',
    version: 0,
    ...over,
  });

it('keeps a check, its verdict since the last change, and its history with the newest last', async () => {
  await store.putCheck(definition, 1);
  for (const [index, verdict] of ['pass', 'fail', 'fail'].entries()) await store.addRun(run(index, verdict), 2);
  const { checks, runnerLastSeenMs } = await store.checks();
  expect(runnerLastSeenMs).toBe(2);
  expect(checks[0]).toMatchObject({ verdict: 'fail', since: '1001', last_run: { run_id: 'run-2' } });
  expect(checks[0]?.history.map((entry) => entry.run_id)).toEqual(['run-0', 'run-1', 'run-2']);
});

it('takes a run once, and a late run does not change the verdict', async () => {
  await store.putCheck(definition, 1);
  await store.addRun(run(5, 'fail'), 2);
  await store.addRun(run(5, 'pass'), 2);
  await store.addRun(run(3, 'pass'), 2);
  expect((await store.check('buy'))?.check).toMatchObject({ verdict: 'fail', last_run: { run_id: 'run-5' } });
  expect((await store.check('buy'))?.runs).toHaveLength(2);
});

it('bounds the runs of a check', async () => {
  await store.putCheck(definition, 1);
  for (let number = 0; number < CONTROL_BOUNDS.runsPerCheck + 5; number++) await store.addRun(run(number), 2);
  const database = new DatabaseSync(join(folder, 'control.sqlite'));
  expect(database.prepare('SELECT count(*) AS runs FROM runs').get()).toEqual({ runs: CONTROL_BOUNDS.runsPerCheck });
  database.close();
});

it('refuses runs of unknown checks, and forgets runs with their check', async () => {
  expect(await store.addRun(run(1), 1)).toBe(false);
  await store.putCheck(definition, 1);
  await store.addRun(run(1), 1);
  expect(await store.deleteCheck('buy')).toBe(true);
  expect(await store.deleteCheck('buy')).toBe(false);
  await store.putCheck(definition, 1);
  expect((await store.check('buy'))?.runs).toEqual([]);
});

it('refuses a write of an alert that was read before somebody else wrote it', async () => {
  const first = await store.putAlert(alert());
  expect(first.version).toBe(1);
  await expect(store.putAlert(alert())).rejects.toMatchObject({ code: 'alert_conflict' });
  const second = await store.putAlert({ ...first, state: 'firing', since: '2' });
  await expect(store.putAlert({ ...first, state: 'resolved' })).rejects.toMatchObject({ code: 'alert_conflict' });
  const acknowledged = await store.acknowledge('buy', 'kim', 5);
  expect(acknowledged).toMatchObject({
    version: second.version + 1,
    acknowledged_by: 'kim',
    acknowledged_at: '5000000',
  });
  await expect(store.putAlert({ ...second, version: 99 })).rejects.toMatchObject({ code: 'alert_conflict' });
  expect(await store.acknowledge('other', 'kim', 5)).toBeNull();
});

it('records each change of an alert’s state once, over a restart', async () => {
  const first = await store.putAlert(alert());
  const second = await store.putAlert({ ...first, streak: 3 });
  await store.putAlert({ ...second, state: 'firing', since: '7', sentence: 'It fires.' });
  await store.close();
  store = openSqliteControlStore(join(folder, 'control.sqlite'));
  expect((await store.alert('buy'))?.history).toEqual([
    { time: '1', state: 'pending', sentence: 'It fails.' },
    { time: '7', state: 'firing', sentence: 'It fires.' },
  ]);
});

it('lists silences until they end', async () => {
  const silence = await store.addSilence({ check: 'buy*', duration_ms: 60_000, by: 'kim', comment: '' }, 1000);
  expect(await store.silences(60_999)).toEqual([silence]);
  expect(await store.silences(61_000)).toEqual([]);
  expect(await store.deleteSilence(silence.id)).toBe(true);
});

it('keeps the same bytes once', async () => {
  const bytes = new Uint8Array([1, 2, 3]);
  const id = await store.putArtifact('image/png', bytes, 1);
  expect(await store.putArtifact('image/png', bytes, 2)).toBe(id);
  expect(await store.artifact(id)).toEqual({ contentType: 'image/png', bytes });
  expect(await store.artifact('none')).toBeNull();
});

it('leaves a file of a newer version alone, with a sentence', async () => {
  await store.close();
  const file = join(folder, 'control.sqlite');
  const database = new DatabaseSync(file);
  database.exec('PRAGMA user_version = 99');
  database.close();
  expect(() => openSqliteControlStore(file)).toThrow(/newer version/);
  store = openSqliteControlStore(join(folder, 'other.sqlite'));
});
