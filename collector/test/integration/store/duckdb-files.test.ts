import { cp, mkdtemp, readdir, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LogPosition, LogRecord } from '../../../src/log/log-record.js';
import { DeadLetters } from '../../../src/store/dead-letters.js';
import { type DuckdbStore, openDuckdbStore } from '../../../src/store/duckdb/open-duckdb-store.js';
import type { Retention } from '../../../src/store/duckdb/retention.js';
import { LogOfRecords } from '../../fixtures/log-of-records.js';

const signal = new AbortController().signal;
const HOUR_MS = 3_600_000;
const NOW_MS = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;

let directory = '';
let store: DuckdbStore | null = null;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'orrery-files-'));
});
afterEach(async () => {
  await store?.close();
  store = null;
  await rm(directory, { recursive: true, force: true });
});

async function open(retention: Partial<Retention> = {}, maxAttached = 100): Promise<DuckdbStore> {
  const deadLetters = await DeadLetters.open(path.join(directory, 'quarantine'));
  const definitions = () => [];
  store = await openDuckdbStore({ dataDirectory: directory, deadLetters, definitions, retention, maxAttached });
  return store;
}

/** One line an hour, for the hours before now, oldest first. */
function hours(count: number): LogOfRecords {
  const log = new LogOfRecords(0);
  for (let ago = count; ago >= 0; ago--) {
    const ms = NOW_MS - ago * HOUR_MS;
    log
      .receivedAt(ms)
      .logs({ 'service.name': 'tide-gauge' }, [{ timeNano: BigInt(ms) * 1_000_000n, body: `${ago} h ago` }]);
  }
  return log;
}

async function files(): Promise<string[]> {
  return (await readdir(path.join(directory, 'slices'))).filter((name) => name.endsWith('.duckdb')).sort();
}

async function bodies(from: DuckdbStore): Promise<string[]> {
  const range = { from_ms: NOW_MS - 100 * HOUR_MS, to_ms: NOW_MS + HOUR_MS };
  const all = { kind: 'all' as const };
  const asked = { range, nowMs: NOW_MS, environment: '', filter: all, order: 'asc' as const, limit: 100 };
  return (await from.reader.logs(asked, signal)).logs.map((line) => line.body);
}

const after = (records: readonly LogRecord[]) => (records.at(-1) as LogRecord).next;

/** Files of slices that this process has open. */
async function openFiles(): Promise<number> {
  const links = await Promise.all(
    (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')),
  );
  return new Set(links.filter((link) => link.startsWith(directory) && link.endsWith('.duckdb'))).size;
}

describe('slices on disk', () => {
  it('are one file for every hour of receipt', async () => {
    const { writer } = await open();
    await writer.write(hours(3).records, signal);
    expect(await files()).toHaveLength(4);
  });

  it('go as a whole when they are too old, and take nothing else along', async () => {
    const opened = await open({ maxAgeMs: 2 * HOUR_MS });
    const { records } = hours(5);
    await opened.writer.write(records, signal);
    expect(await opened.retain(NOW_MS)).toHaveLength(3);
    expect(await files()).toHaveLength(3);
    expect(await bodies(opened)).toEqual(['2 h ago', '1 h ago', '0 h ago']);
    // What was stored and dropped does not come back with a replay.
    await opened.writer.write(records, signal);
    expect(await bodies(opened)).toHaveLength(3);
  });

  it('go oldest first while all together are too large, but never the one that is written to', async () => {
    const opened = await open({ maxBytes: 1 });
    const { records } = hours(4);
    await opened.writer.write(records, signal);
    expect(await opened.retain(NOW_MS)).toHaveLength(4);
    expect(await bodies(opened)).toEqual(['0 h ago']);
    expect(await opened.writer.cursor()).toBe(records.at(-1)?.next);
  });

  it('have their deltas merged when they are over, and answer as before', async () => {
    const opened = await open();
    const log = new LogOfRecords(NOW_MS - 3 * HOUR_MS);
    for (let n = 0; n < 40; n++) {
      const startNano = BigInt(NOW_MS - 3 * HOUR_MS + n * 2000) * 1_000_000n;
      const ids = { traceId: n.toString(16).padStart(32, 'e'), spanId: n.toString(16).padStart(16, 'd') };
      const endNano = startNano + BigInt((n + 1) * 1_000_000);
      const attributes = { 'db.system.name': 'sqlite', 'db.namespace': 'tides' };
      const status = n % 8 === 0 ? 2 : 0;
      log.spans({ 'service.name': 'tide-gauge' }, [
        { ...ids, name: 'read', kind: 2, startNano, endNano, status },
        { ...ids, spanId: n.toString(16).padStart(16, 'c'), name: 'select', kind: 3, startNano, endNano, attributes },
      ]);
    }
    log.receivedAt(NOW_MS).logs({ 'service.name': 'tide-gauge' }, [{ timeNano: BigInt(NOW_MS) * 1_000_000n }]);
    for (const record of log.records) await opened.writer.write([record], signal);
    const range = { from_ms: NOW_MS - 4 * HOUR_MS, to_ms: NOW_MS };
    const asked = { range, nowMs: NOW_MS, environment: '', synthetic: 'include' as const };
    const answers = async () => [await opened.reader.services(asked, signal), await opened.reader.map(asked, signal)];
    const before = await answers();
    expect(before[0]).toMatchObject({ services: [{ requests: 40, errors: 5 }] });
    await opened.retain(NOW_MS);
    expect(await answers()).toEqual(before);
    const file = path.join(directory, 'slices', (await files())[0] as string);
    await opened.close();
    store = null;
    const instance = await DuckDBInstance.create(file);
    const connection = await instance.connect();
    const rows = await connection.runAndReadAll(
      'SELECT (SELECT count(*) FROM red) AS red, (SELECT count(*) FROM edges) AS edges',
    );
    expect(rows.getRowObjectsJson()).toEqual([{ red: '2', edges: '4' }]);
    connection.closeSync();
    instance.closeSync();
  });

  it('answer over days as they did before they were sealed, also when something comes late, or goes', async () => {
    const opened = await open();
    const dayMs = 24 * HOUR_MS;
    const today = Math.floor(NOW_MS / dayMs) * dayMs;
    const log = new LogOfRecords(0);
    const work = (receivedMs: number, startMs: number, n: number) => {
      const startNano = BigInt(startMs) * 1_000_000n;
      const ids = { traceId: n.toString(16).padStart(32, 'e'), spanId: n.toString(16).padStart(16, 'd') };
      const span = { ...ids, startNano, endNano: startNano + BigInt(n * 1_000_000), status: n % 3 === 0 ? 2 : 0 };
      const attributes = { 'db.system.name': 'sqlite', 'db.namespace': `tides ${n % 2}` };
      log.receivedAt(receivedMs).spans({ 'service.name': `gauge ${n % 2}`, 'service.version': `v${n % 3}` }, [
        { ...span, name: 'read', kind: 2 },
        { ...span, spanId: n.toString(16).padStart(16, 'c'), name: 'select', kind: 3, attributes },
      ]);
    };
    // Three days, some of it received in the slice after its own.
    for (let n = 1; n <= 9; n++) {
      const ms = today - 3 * dayMs + n * 7 * HOUR_MS + 1000;
      work(ms, n % 4 === 0 ? ms - HOUR_MS : ms, n);
    }
    const lateMs = today - 2 * dayMs + 5 * HOUR_MS;
    log.receivedAt(NOW_MS).logs({ 'service.name': 'gauge 0' }, [{ timeNano: BigInt(NOW_MS) * 1_000_000n }]);
    await opened.writer.write(log.records, signal);
    const ranged = (from: number, to: number) => ({
      range: { from_ms: from, to_ms: to },
      nowMs: NOW_MS,
      environment: '',
      synthetic: 'include' as const,
    });
    const asked = [
      ranged(today - 4 * dayMs, NOW_MS),
      ranged(today - 3 * dayMs + 90 * 60_000, today - 20 * 60_000),
      ranged(today - 2 * dayMs, today - dayMs),
      // Since the beginning of time, and to the last day that has four digits.
      ranged(0, 253_402_300_799_000),
    ];
    const answers = async () =>
      await Promise.all(
        asked.flatMap((range) => [opened.reader.services(range, signal), opened.reader.map(range, signal)]),
      );
    const before = await answers();
    expect(before[0]).toMatchObject({ services: [{ requests: 5 }, { requests: 4 }] });
    await opened.retain(NOW_MS);
    expect(await answers()).toEqual(before);
    expect(await answers(), 'of days that are held').toEqual(before);
    work(NOW_MS, lateMs, 11);
    await opened.writer.write(log.records.slice(-1), signal);
    const withLate = await answers();
    expect(withLate).not.toEqual(before);
    // It comes once more, for a slice that is sealed.
    work(lateMs, lateMs, 13);
    await opened.writer.write(log.records.slice(-1), signal);
    const twice = await answers();
    await opened.retain(NOW_MS);
    expect(await answers()).toEqual(twice);
    expect(twice[0]).toMatchObject({ services: [{ requests: 7 }, { requests: 4 }] });
  });

  it('are open no more than some at a time, however many are asked, written to late and sealed again', async () => {
    const opened = await open({}, 3);
    const { records } = hours(6);
    const [late, ...others] = records as [LogRecord, ...LogRecord[]];
    await opened.writer.write(others, signal);
    await opened.retain(NOW_MS);
    // Many questions at once, over all slices, while one that is sealed is written to, and sealed again.
    const asking = Array.from({ length: 12 }, () => bodies(opened));
    await opened.writer.write(
      [{ ...late, position: after(records), next: (after(records) + 1) as LogPosition }],
      signal,
    );
    await Promise.all([opened.retain(NOW_MS), ...asking]);
    for (const found of await Promise.all(asking)) expect(found.length).toBeGreaterThanOrEqual(6);
    expect(await bodies(opened)).toHaveLength(7);
    // The newest is written to, and stays.
    await expect.poll(openFiles).toBeLessThanOrEqual(4);
    await opened.close();
    store = null;
    expect(await openFiles()).toBe(0);
    expect(await bodies(await open({}, 3))).toHaveLength(7);
  });

  it('of a newer version are refused with what to do', async () => {
    const opened = await open();
    await opened.writer.write(hours(0).records, signal);
    await opened.close();
    store = null;
    const [file] = await files();
    const instance = await DuckDBInstance.create(path.join(directory, 'slices', file as string));
    const connection = await instance.connect();
    await connection.run("UPDATE meta SET value = '99' WHERE key = 'schema_version'");
    connection.closeSync();
    instance.closeSync();
    await expect(open()).rejects.toMatchObject({ code: 'format_newer', retryable: false });
    store = null;
  });

  it('have no hole where a write failed while others were under way behind it', async () => {
    let failing = 2;
    const deadLetters = await DeadLetters.open(path.join(directory, 'quarantine'));
    store = await openDuckdbStore({
      dataDirectory: directory,
      deadLetters,
      definitions: () => {
        // The second run to be staged fails: the first one's commit is under way then.
        if (--failing === 0) throw new Error('no room');
        return [];
      },
    });
    const { writer } = store;
    const { records } = hours(3);
    const written = await Promise.allSettled([
      writer.write(records.slice(0, 2), signal),
      writer.write(records.slice(2, 3), signal),
      writer.write(records.slice(3), signal),
    ]);
    expect(written.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    // Somebody who has not seen the failure yet hands over more.
    await expect(writer.write(records.slice(3), signal)).rejects.toMatchObject({ retryable: true });
    const stored = await writer.cursor();
    expect(stored).toBeLessThan(records[1]?.next ?? 0);
    await writer.write(
      records.filter(({ position }) => position >= stored),
      signal,
    );
    expect(await bodies(store)).toEqual(['3 h ago', '2 h ago', '1 h ago', '0 h ago']);
  });

  it('that are over have all changes in their files after a start, so that no memory is needed for them', async () => {
    const opened = await open();
    for (const record of hours(4).records) await opened.writer.write([record], signal);
    const killed = path.join(directory, 'killed');
    await cp(path.join(directory, 'slices'), path.join(killed, 'slices'), { recursive: true });
    await opened.close();
    const logs = async () => (await readdir(path.join(killed, 'slices'))).filter((name) => name.endsWith('.wal'));
    expect(await logs()).toHaveLength(5);
    const deadLetters = await DeadLetters.open(path.join(killed, 'quarantine'));
    store = await openDuckdbStore({ dataDirectory: killed, deadLetters, definitions: () => [] });
    expect(await logs()).toHaveLength(1);
    expect(await bodies(store)).toHaveLength(5);
  });

  it('know which log they are of: the positions of a new one begin again', async () => {
    const openFor = async (log: string) => {
      const deadLetters = await DeadLetters.open(path.join(directory, 'quarantine'));
      store = await openDuckdbStore({ dataDirectory: directory, deadLetters, definitions: () => [], log });
      return store;
    };
    const first = await openFor('000000000001');
    await first.writer.write(hours(3).records, signal);
    await first.close();
    const second = await openFor('000000000002');
    expect(await second.writer.cursor()).toBe(0);
    const { records } = hours(0);
    await second.writer.write(records, signal);
    await second.close();
    const again = await openFor('000000000002');
    expect(await again.writer.cursor()).toBe(records.at(-1)?.next);
    await again.writer.write(records, signal);
    expect(await bodies(again)).toEqual(['3 h ago', '2 h ago', '1 h ago', '0 h ago', '0 h ago']);
  });

  it('keep text that is not UTF-8, as text with marks in its place', async () => {
    const opened = await open();
    const log = hours(0);
    const body = Buffer.from(log.records[0]?.body ?? []);
    body[body.indexOf('0 h ago')] = 0xff;
    await opened.writer.write([{ ...log.records[0], body } as never], signal);
    expect(await bodies(opened)).toEqual(['\ufffd h ago']);
  });
});
