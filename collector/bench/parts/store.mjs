import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { logDirectory } from '../../dist/ingest/run-ingest.js';
import { FileLogWriter } from '../../dist/log/file-log-writer.js';
import { createStoreClient } from '../../dist/store/tail/store-client.js';
import { storeSocket } from '../../dist/store/tail/store-socket.js';
import { requestSource, SPANS_PER_REQUEST } from '../load/requests.mjs';
import { figure, millions, thousands } from './figure.mjs';

export const name = 'store';
export const about =
  'the store process alone: a full log becomes durable rows and figures in DuckDB, then questions are asked';

const REQUESTS = 1500;
const ROUNDS = 7;
const storeProgram = fileURLToPath(new URL('store-process.mjs', import.meta.url));
const { signal } = new AbortController();

/** A log that is there already: what the store does with both cores to itself, and what questions cost afterwards. */
export async function run() {
  const dataDir = await mkdtemp(join(tmpdir(), 'orrery-bench-'));
  const log = await FileLogWriter.open({
    directory: logDirectory(dataDir),
    maxBytes: 4e9,
    segmentBytes: 64e6,
    minFreeBytes: 0,
    dedupeMs: 1000,
    warn: console.error,
  });
  const next = requestSource(200);
  for (let sent = 0; sent < REQUESTS; sent += 50) {
    const receivedNano = BigInt(Date.now()) * 1_000_000n;
    const requests = Array.from({ length: 50 }, () => ({
      signal: 1,
      encoding: 1,
      receivedNano,
      tenant: '',
      body: next(),
    }));
    await Promise.all(requests.map((request) => log.append(request)));
  }
  const store = await startStore(dataDir);
  try {
    const began = performance.now();
    const before = await ask(store.child);
    await storedAll(store.child);
    const took = (performance.now() - began) / 1000;
    const after = await ask(store.child);
    const spans = REQUESTS * SPANS_PER_REQUEST;
    const cpuSeconds = after.cpuSeconds - before.cpuSeconds;
    figure('stored from a full log', thousands(spans / took), 'spans/s');
    figure('per CPU-second of the store', thousands(spans / cpuSeconds), 'spans/cpu-s');
    figure('CPU of the store', ((cpuSeconds / spans) * 1e6).toFixed(2), 'µs a span');
    figure('memory of the store', (after.rss / 1e6).toFixed(0), 'MB RSS');
    const held = await store.client.reader.storage(signal);
    figure('stored spans', millions(held.spans), held.spans === spans ? '= sent' : `of ${spans} SENT`);
    figure('on disk', (held.bytes / held.spans).toFixed(0), 'B a span');
    await questions(store.client.reader);
  } finally {
    await log.close();
    await store.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function questions(reader) {
  const now = Date.now();
  const ranged = { range: { from_ms: now - 3_600_000, to_ms: now + 60_000 }, nowMs: now, environment: '' };
  const all = { kind: 'all' };
  const list = { ...ranged, filter: all, synthetic: 'include', sort: 'duration', order: 'desc', limit: 20 };
  const slow = {
    kind: 'compare',
    op: '>',
    field: { source: 'column', column: 'duration' },
    value: { type: 'number', number: 30, text: '30' },
  };
  const attribute = {
    kind: 'compare',
    op: '=',
    field: { source: 'attribute', name: 'enduser.tier' },
    value: { type: 'string', text: 'gold' },
  };
  const service = {
    kind: 'compare',
    op: '=',
    field: { source: 'column', column: 'service' },
    value: { type: 'string', text: 'service-3' },
  };
  const { traces } = await reader.traces(list, signal);
  const aggregate = (filter, measures, group_by, step_ms = 0) =>
    reader.aggregate(
      { ...ranged, signal: 'spans', synthetic: 'include', filter, measures, group_by, step_ms, limit: 20 },
      signal,
    );
  const asked = {
    services: () => reader.services({ ...ranged, synthetic: 'include' }, signal),
    map: () => reader.map({ ...ranged, synthetic: 'include' }, signal),
    'traces, slowest 20 over everything': () => reader.traces(list, signal),
    'traces of service and duration, newest 20': () =>
      reader.traces({ ...list, sort: 'start', filter: { kind: 'and', nodes: [service, slow] } }, signal),
    'trace by id, no range': () => reader.trace(traces[0].trace_id, signal),
    'p99 by service by minute': () =>
      aggregate(all, [{ op: 'quantile', field: 'duration', quantile: 0.99 }], ['service'], 60_000),
    'count by an attribute without a column': () => aggregate(all, [{ op: 'count' }], ['enduser.tier']),
    'search by an attribute without a column': () => aggregate(attribute, [{ op: 'count' }], []),
  };
  for (const [label, question] of Object.entries(asked)) {
    const took = [];
    for (let round = 0; round < ROUNDS; round++) {
      const began = performance.now();
      await question();
      took.push(performance.now() - began);
    }
    took.sort((a, b) => a - b);
    figure(`${label}: p50 / worst`, `${at(took, 0.5)} / ${at(took, 1)}`, 'ms');
  }
}

async function startStore(dataDir) {
  const child = fork(storeProgram, [dataDir]);
  await once(child, 'message');
  const client = createStoreClient(storeSocket(dataDir));
  return {
    child,
    client,
    async stop() {
      client.close();
      child.send('stop');
      await once(child, 'exit');
    },
  };
}

async function storedAll(child) {
  while ((await ask(child)).lagBytes > 0) await wait(20);
}

async function ask(child) {
  child.send('figures');
  const [figures] = await once(child, 'message');
  return figures;
}

function at(sorted, q) {
  return (sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? 0).toFixed(0);
}
