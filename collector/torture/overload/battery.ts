import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FieldList, MetricResult, ServiceList, ServiceMap, SystemStatus } from '../../src/api/contract/index.js';
import { encodeMetrics, encodeTraces } from '../../test/fixtures/otlp-encoder.js';
import { type OrreryProcess, startOrrery } from '../../test/integration/program/orrery-process.js';
import type { Battery } from '../battery.js';
import { checkBeside, validRequest } from '../fuzz/beside.js';

const DEFAULT_ROUNDS = 1_000_000;
const IDLE_CONNECTIONS = 10_000;
const PER_REQUEST = 500;
const VALID_EVERY_MS = 50;
const LARGEST_RSS: Readonly<Record<string, number>> = { ingest: 900e6, store: 2500e6, api: 700e6 };

/** Rounds are distinct attribute keys, and series of one metric; services and connections are a hundredth of them. */
export const overload: Battery = {
  name: 'overload',
  about:
    'ten thousand services and idle connections, a million keys and series: the others are served, memory is bounded',
  async run({ rounds = DEFAULT_ROUNDS }) {
    const dataDir = await mkdtemp(join(tmpdir(), 'orrery-overload-'));
    const orrery = await startOrrery(dataDir);
    const beside = sendBeside(orrery);
    try {
      const idle = await connectIdle(orrery, Math.min(IDLE_CONNECTIONS, Math.ceil(rounds / 100)));
      tell('idle connections', orrery);
      await flood(orrery, 'traces', Math.ceil(rounds / 100), services);
      tell('services', orrery);
      await flood(orrery, 'traces', rounds, attributeKeys);
      tell('attribute keys', orrery);
      await flood(orrery, 'metrics', rounds, series);
      tell('series', orrery);
      for (const socket of idle) socket.destroy();
      const { traceIds, slowestMs } = await beside.stop();
      await caughtUp(orrery);
      await checkBeside(orrery.ui, traceIds, 200);
      console.log(
        `  ${traceIds.length} valid requests beside, the slowest took ${Math.round(slowestMs)} ms; all are stored`,
      );
      await checkCaps(orrery, { services: Math.ceil(rounds / 100), keys: rounds, series: rounds });
      checkMemory(orrery);
    } finally {
      await beside.stop().catch(() => undefined);
      await orrery.end('SIGTERM');
      await rm(dataDir, { recursive: true, force: true });
    }
  },
};

type Make = (from: number, count: number) => Uint8Array;

const now = () => BigInt(Date.now()) * 1_000_000n;
const ids = (i: number) => ({ traceId: i.toString(16).padStart(32, 'c'), spanId: i.toString(16).padStart(16, 'd') });
const span = (i: number, attributes: Record<string, string> = {}) => ({
  ...ids(i + 1),
  name: 'flood',
  startNano: now(),
  endNano: now(),
  attributes,
});
const services: Make = (from) => encodeTraces({ 'service.name': `service ${from}` }, [{ ...span(from), kind: 2 }]);
const attributeKeys: Make = (from, count) => {
  const spans = Array.from({ length: count }, (_, i) => span(from + i, { [`made.up.${from + i}`]: 'x' }));
  return encodeTraces({ 'service.name': 'inventor' }, spans);
};
const series: Make = (from, count) => {
  const points = Array.from({ length: count }, (_, i) => ({
    timeNano: now(),
    value: 1,
    attributes: { user: `u${from + i}` },
  }));
  return encodeMetrics({ 'service.name': 'exploder' }, [{ name: 'logins', gauge: points }]);
};

/** Sends `total` things, as many a request as the maker takes; refusals that ask for it are waited for. */
async function flood(orrery: OrreryProcess, signal: string, total: number, make: Make): Promise<void> {
  const each = make === services ? 1 : PER_REQUEST;
  for (let from = 0; from < total; ) {
    const body = new Uint8Array(make(from, each));
    const headers = { 'content-type': 'application/x-protobuf' };
    const response = await fetch(`${orrery.otlp}/v1/${signal}`, { method: 'POST', headers, body });
    await response.arrayBuffer();
    if (response.status === 200) from += each;
    else if (response.status === 429 || response.status === 503) {
      await new Promise((resolve) => setTimeout(resolve, Number(response.headers.get('retry-after') ?? 1) * 1000));
    } else throw new Error(`a flood was answered ${response.status}`);
  }
}

async function connectIdle(orrery: OrreryProcess, count: number): Promise<Socket[]> {
  const port = Number(new URL(orrery.otlp).port);
  const sockets: Socket[] = [];
  for (let i = 0; i < count; i++) {
    const socket = createConnection({ port, host: '127.0.0.1' });
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    sockets.push(socket);
  }
  return sockets;
}

/** A valid request now and then until it is stopped, each over a connection of its own. */
function sendBeside(orrery: OrreryProcess) {
  const traceIds: string[] = [];
  let slowestMs = 0;
  let stopped = false;
  const sending = (async () => {
    while (!stopped) {
      const { traceId, body } = validRequest();
      const began = performance.now();
      const response = await fetch(`${orrery.otlp}/v1/traces`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-protobuf', connection: 'close' },
        body,
      });
      await response.arrayBuffer();
      if (response.status !== 200) throw new Error(`a valid request beside the flood was answered ${response.status}`);
      slowestMs = Math.max(slowestMs, performance.now() - began);
      traceIds.push(traceId);
      await new Promise((resolve) => setTimeout(resolve, VALID_EVERY_MS));
    }
  })();
  sending.catch(() => undefined);
  return {
    async stop() {
      stopped = true;
      await sending;
      return { traceIds, slowestMs };
    },
  };
}

async function caughtUp(orrery: OrreryProcess): Promise<void> {
  for (const deadline = Date.now() + 600_000; ; ) {
    const response = await fetch(`${orrery.ui}/api/orrery/v1/status`);
    const { log, storage } = (await response.json()) as {
      log: { lag_bytes: number };
      storage: { dead_letters: number };
    };
    if (storage.dead_letters > 0) throw new Error(`${storage.dead_letters} acknowledged bodies were set aside`);
    if (log.lag_bytes === 0) return;
    if (Date.now() > deadline) throw new Error(`the store is ${log.lag_bytes} bytes behind`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** Every list that was cut has to say so, and be as short as it says; each is what one page shows. */
async function checkCaps(
  orrery: OrreryProcess,
  given: { services: number; keys: number; series: number },
): Promise<void> {
  const api = `${orrery.ui}/api/orrery/v1`;
  const ask = async <Answer>(path: string, body?: object): Promise<Answer> => {
    const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const answer = await fetch(`${api}${path}`, body === undefined ? {} : post);
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Answer;
  };
  const fields = await ask<FieldList>('/fields?signal=spans&from=now-1d');
  const services = await ask<ServiceList>('/services?from=now-1d');
  const map = await ask<ServiceMap>('/map?from=now-1d');
  const status = await ask<SystemStatus>('/status');
  const metric = await ask<MetricResult>('/metrics/query', {
    name: 'logins',
    q: '',
    environment: '',
    aggregate: 'avg',
    group_by: ['user'],
    from: 'now-1d',
    limit: 20,
  });
  const lists = [
    { what: 'fields', shown: fields.fields.length, told: fields.truncated, most: 2000, given: given.keys },
    { what: 'services', shown: services.services.length, told: services.truncated, most: 1000, given: given.services },
    { what: 'nodes of the map', shown: map.nodes.length, told: map.truncated, most: 300, given: given.services },
    { what: 'senders', shown: status.senders.length, told: status.senders_capped, most: 1000, given: given.services },
    { what: 'series', shown: metric.series.length, told: metric.truncated, most: 20, given: given.series },
  ];
  for (const { what, shown, told, most, given: sent } of lists) {
    console.log(`  ${sent} ${what}: ${shown} are listed, cut: ${told}`);
    if (shown > most || (sent > most && !told)) throw new Error(`the list of ${what} is not cut, or does not say so`);
  }
}

function rssOf(pid: number): number {
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
}

function tell(what: string, orrery: OrreryProcess): void {
  const sizes = Object.entries(orrery.roles()).map(([role, pid]) => `${role} ${Math.round(rssOf(pid) / 1e6)} MB`);
  console.log(`  ${what}: ${sizes.join(', ')}`);
}

function checkMemory(orrery: OrreryProcess): void {
  for (const [role, pid] of Object.entries(orrery.roles())) {
    const rss = rssOf(pid);
    if (rss > (LARGEST_RSS[role] ?? Number.POSITIVE_INFINITY)) throw new Error(`${role} took ${rss} bytes of memory`);
  }
}
