import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { LogRecord } from '../../../src/log/log-record.js';
import type { FilterNode } from '../../../src/query/ast.js';
import type { Step } from '../../../src/self/step-trace.js';
import { DeadLetters } from '../../../src/store/dead-letters.js';
import { type DuckdbStore, openDuckdbStore } from '../../../src/store/duckdb/open-duckdb-store.js';
import type { Retention } from '../../../src/store/duckdb/retention.js';
import { LogOfRecords } from '../../fixtures/log-of-records.js';

const program = fileURLToPath(new URL('sealing-program.ts', import.meta.url));
const signal = new AbortController().signal;
const HOUR_MS = 3_600_000;
const NOW_MS = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
const FERRY = { 'service.name': 'ferry', 'deployment.environment.name': 'harbour' };
const QUAY = { 'service.name': 'quay', 'deployment.environment.name': 'harbour' };

const hex = (number: number, digits: number) => number.toString(16).padStart(digits, 'b');
const at = (ms: number) => BigInt(Math.round(ms * 1000)) * 1000n;

/** Crossings of some hours before now: traces over two services, lines, gauges; one crossing comes three hours late. */
function crossings(hours: number): LogOfRecords {
  const log = new LogOfRecords(0);
  for (let ago = hours; ago >= 0; ago--) {
    log.receivedAt(NOW_MS - ago * HOUR_MS + 1000);
    for (let n = 0; n < 12; n++) {
      const number = ago * 100 + n + 1;
      const startMs = NOW_MS - ago * HOUR_MS + n * 60_000 - (n === 5 ? 3 * HOUR_MS : 0);
      const ids = { traceId: hex(number, 32), spanId: hex(number, 16) };
      const times = { startNano: at(startMs), endNano: at(startMs + 5 + n) };
      const attributes = { 'correlation.id': `crossing-${number}`, vessel: `hull ${n % 3}` };
      const links = n === 8 ? [{ traceId: hex(number - 3, 32), spanId: hex(number - 3, 16) }] : [];
      log.spans(FERRY, [{ ...ids, name: 'cross', kind: 2, ...times, attributes, links, status: n % 4 === 0 ? 2 : 0 }]);
      const parent = { parentSpanId: ids.spanId, spanId: hex(number + 50_000, 16) };
      log.spans(QUAY, [{ ...ids, ...parent, name: 'moor', kind: 2, ...times, attributes }]);
      log.logs(FERRY, [{ ...ids, timeNano: at(startMs), severity: 9, body: `cast off ${number}` }]);
      log.metrics(FERRY, [{ name: 'passengers', gauge: [{ timeNano: at(startMs), value: n }] }]);
    }
  }
  return log;
}

async function open(dataDirectory: string, retention: Partial<Retention> = {}): Promise<DuckdbStore> {
  const deadLetters = await DeadLetters.open(path.join(dataDirectory, 'quarantine'));
  return await openDuckdbStore({ dataDirectory, deadLetters, definitions: () => [], retention });
}

const range = { from_ms: NOW_MS - 10 * HOUR_MS, to_ms: NOW_MS + HOUR_MS };
const ranged = { range, nowMs: NOW_MS, environment: '' };
const all = { kind: 'all' as const };
const include = 'include' as const;

/** What every kind of list, histogram and first screen says. */
async function answers({ reader }: DuckdbStore) {
  const list = { ...ranged, filter: all, synthetic: include, order: 'desc' as const };
  const { spans, logs, metricPoints } = await reader.storage(signal);
  const gauge = { ...ranged, name: 'passengers', filter: all, group_by: [], aggregate: 'max' as const };
  const services = await reader.services({ ...ranged, synthetic: include }, signal);
  const map = await reader.map({ ...ranged, synthetic: include }, signal);
  return {
    stored: { spans, logs, metricPoints },
    services,
    map: { nodes: map.nodes.toSorted(byId), edges: map.edges.toSorted(byId) },
    traces: await reader.traces({ ...list, sort: 'start', limit: 500 }, signal),
    slowest: await reader.traces({ ...list, sort: 'duration', limit: 500 }, signal),
    long: await reader.traces({ ...list, filter: longCrossing('cross', 12), sort: 'start', limit: 500 }, signal),
    none: await reader.traces({ ...list, filter: longCrossing('sink', 1), sort: 'start', limit: 500 }, signal),
    histogram: await reader.traceHistogram(list, signal),
    logs: await reader.logs({ ...list, limit: 500 }, signal),
    logHistogram: await reader.logHistogram(list, signal),
    trace: await reader.trace(hex(106, 32), signal),
    traceLogs: await reader.traceLogs(hex(106, 32), signal),
    metric: await reader.metricQuery({ ...gauge, step_ms: HOUR_MS, limit: 10 }, signal),
    vessels: await reader.aggregate(
      { ...list, signal: 'spans', measures: [{ op: 'count' }], group_by: ['vessel'], step_ms: 0, limit: 9 },
      signal,
    ),
  };
}

/** `service:ferry name:… duration>=…` */
function longCrossing(name: string, ms: number): FilterNode {
  const column = (column: 'service' | 'name' | 'duration') => ({ source: 'column' as const, column });
  const text = (text: string) => ({ type: 'string' as const, text });
  return {
    kind: 'and',
    nodes: [
      { kind: 'compare', field: column('service'), op: '=', value: text('ferry') },
      { kind: 'compare', field: column('name'), op: '=', value: text(name) },
      {
        kind: 'compare',
        field: column('duration'),
        op: '>=',
        value: { type: 'number', number: ms, text: String(ms) },
      },
    ],
  };
}

function byId(a: { id: string }, b: { id: string }): number {
  return a.id < b.id ? -1 : 1;
}

async function filesOf(directory: string): Promise<string[]> {
  return (await readdir(path.join(directory, 'slices'))).filter((name) => !name.startsWith('index')).sort();
}

const made: string[] = [];
async function newFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'orrery-sealing-'));
  made.push(folder);
  return folder;
}
let opened: DuckdbStore | null = null;
afterEach(async () => {
  await opened?.close();
  opened = null;
});
afterAll(async () => {
  for (const folder of made) await rm(folder, { recursive: true, force: true });
});

describe('a sealed slice', () => {
  let written = '';
  let records: LogRecord[] = [];
  let expected: Awaited<ReturnType<typeof answers>>;
  beforeAll(async () => {
    written = await newFolder();
    records = crossings(2).records;
    const store = await open(written);
    // In many commits, so that there is much to merge.
    for (let from = 0; from < records.length; from += 10)
      await store.writer.write(records.slice(from, from + 10), signal);
    expected = await answers(store);
    expect(expected.long.traces).toHaveLength(15);
    expect(expected.none.traces).toHaveLength(0);
    expect(expected.trace?.linked_traces).toEqual([hex(109, 32)]);
    await store.close();
  });
  const copy = async () => {
    const folder = await newFolder();
    await cp(written, folder, { recursive: true });
    return folder;
  };

  it('answers as before, while it is put in place, afterwards, and after a restart', async () => {
    const folder = await copy();
    opened = await open(folder);
    let sealing = true;
    const sealed = opened.retain(NOW_MS + HOUR_MS / 2).finally(() => {
      sealing = false;
    });
    while (sealing) expect(await answers(opened)).toEqual(expected);
    await sealed;
    expect(await answers(opened)).toEqual(expected);
    const files = await filesOf(folder);
    expect(files.filter((name) => name.endsWith('.1.duckdb'))).toHaveLength(2);
    expect(files.filter((name) => name.endsWith('.duckdb'))).toHaveLength(3);
    await opened.close();
    opened = await open(folder);
    expect(await answers(opened)).toEqual(expected);
    await opened.close();
    // The index beside the slices only saves time.
    await rm(path.join(folder, 'slices', 'index.json'));
    opened = await open(folder);
    expect(await answers(opened)).toEqual(expected);
  });

  it('takes what comes late once, shows it at its own time, and is sealed again', async () => {
    const folder = await copy();
    opened = await open(folder);
    await opened.retain(NOW_MS + HOUR_MS / 2);
    const end = Number(records.at(-1)?.next);
    const startMs = NOW_MS - 2 * HOUR_MS;
    const late = new LogOfRecords(startMs, end).spans(FERRY, [
      {
        traceId: hex(9001, 32),
        spanId: hex(9001, 16),
        name: 'cross',
        kind: 2,
        startNano: at(startMs),
        endNano: at(startMs + 1),
      },
    ]);
    // The clock was set back: the record belongs to a slice that is sealed.
    await opened.writer.write([...records, ...late.records], signal);
    const shows = async () => {
      const now = await answers(opened as DuckdbStore);
      expect(now.stored.spans).toBe(expected.stored.spans + 1);
      expect(now.traces.traces.map(({ trace_id }) => trace_id)).toContain(hex(9001, 32));
      expect((await opened?.reader.trace(hex(9001, 32), signal))?.summary.spans).toBe(1);
      const requests = ({ services }: typeof now.services) =>
        services.find(({ service }) => service === 'ferry')?.requests;
      expect(requests(now.services)).toBe((requests(expected.services) ?? 0) + 1);
    };
    await shows();
    await opened.close();
    opened = await open(folder);
    await shows();
    await opened.retain(NOW_MS + HOUR_MS / 2);
    await shows();
    expect((await filesOf(folder)).filter((name) => name.endsWith('.2.duckdb'))).toHaveLength(1);
    await opened.writer.write([...records, ...late.records], signal);
    await shows();
  });

  it('loses the rows of a signal when they are old, and keeps the figures made of them', async () => {
    const folder = await copy();
    const hours = (count: number) => count * HOUR_MS + HOUR_MS / 2;
    opened = await open(folder, { rowsMaxAgeMs: { traces: hours(1), logs: hours(0) } });
    await opened.retain(NOW_MS + HOUR_MS / 4);
    const now = await answers(opened);
    expect(now.services).toEqual(expected.services);
    expect(now.map.edges.map(({ id, requests }) => [id, requests])).toEqual(
      expected.map.edges.map(({ id, requests }) => [id, requests]),
    );
    expect(now.metric).toEqual(expected.metric);
    expect(now.stored).toEqual({
      ...expected.stored,
      spans: expected.stored.spans - 24,
      logs: expected.stored.logs - 24,
    });
    expect(now.traces.traces.some(({ trace_id }) => trace_id === hex(201, 32))).toBe(false);
    expect(await opened.reader.trace(hex(201, 32), signal)).toBeNull();
    expect(now.logs.logs.map(({ body }) => body)).not.toContain('cast off 101');
    // The lines of that hour are gone, its spans are not.
    expect((await opened.reader.trace(hex(101, 32), signal))?.summary.spans).toBe(2);
  });

  const steps: [Step, number][] = [
    ['seal.begun', 1],
    ['seal.copied', 1],
    ['seal.copied', 12],
    ['seal.built', 2],
    ['seal.synced', 1],
    ['seal.renamed', 1],
    ['seal.replaced', 2],
    ['seal.removed', 1],
  ];
  it.each(steps)('is whole and counts once when the process is killed at %s (%i)', async (step, times) => {
    const folder = await copy();
    const child = spawnSync(process.execPath, ['--import', 'tsx', program, folder, step, String(times)]);
    expect([child.signal, String(child.stderr)]).toEqual(['SIGKILL', '']);
    opened = await open(folder);
    expect(await answers(opened)).toEqual(expected);
    await opened.writer.write(records, signal);
    await opened.retain(NOW_MS + HOUR_MS / 2);
    expect(await answers(opened)).toEqual(expected);
    await opened.close();
    const files = await filesOf(folder);
    expect(
      files.filter((name) => name.endsWith('.duckdb')),
      files.join(' '),
    ).toHaveLength(3);
    expect(files.filter((name) => name.includes('sealing'))).toEqual([]);
  });

  it('can go while a question still reads it', async () => {
    const folder = await copy();
    opened = await open(folder, { maxAgeMs: HOUR_MS / 2 });
    const asked = Array.from({ length: 6 }, () => answers(opened as DuckdbStore));
    const dropped = opened.retain(NOW_MS + HOUR_MS / 4);
    for (const answer of await Promise.all(asked)) expect(answer.stored.metricPoints).toBeGreaterThan(0);
    expect(await dropped).toHaveLength(2);
    expect((await filesOf(folder)).filter((name) => name.endsWith('.duckdb'))).toHaveLength(1);
  });
});
