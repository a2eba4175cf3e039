import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { API_BASE, type SystemStatus, TraceList } from '../../../src/api/contract/index.js';
import { realServer } from '../elasticsearch/running-server.js';
import { eventually as eventuallyWithin, type OrreryProcess, startOrrery } from './orrery-process.js';
import { newTraceId, orderTrace, send } from './shop-telemetry.js';

/** On a busy machine a server that has just started takes a while for its first indices. */
const PATIENCE_MS = 120_000;

let folder: string;
let elasticsearch: Awaited<ReturnType<typeof realServer>>;
let orrery: OrreryProcess;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'orrery-on-es-'));
  elasticsearch = await realServer(21_509);
  orrery = await startOrrery(folder, {
    args: ['--store=elasticsearch', `--elasticsearch-url=${elasticsearch.server.url}`],
  });
});
afterAll(async () => {
  await orrery?.end('SIGTERM');
  await elasticsearch?.end();
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

// What the program says of itself is worth more than what was not found.
beforeEach(({ onTestFailed }) =>
  onTestFailed(async () => {
    const ready = await fetch(`${orrery.ui}/readyz`).then((answer) => answer.text(), String);
    console.log(`${orrery.output()}\n/readyz: ${ready}`);
  }),
);

const eventually = <T>(check: () => T | Promise<T>): Promise<T> => eventuallyWithin(check, PATIENCE_MS);

async function found(correlationId: string): Promise<string[]> {
  const answer = await fetch(`${orrery.ui}${API_BASE}/traces?q=correlation_id:${correlationId}`);
  expect(answer.status).toBe(200);
  return TraceList.parse(await answer.json())
    .traces.map(({ trace_id }) => trace_id)
    .toSorted();
}

const ready = async (): Promise<number> => (await fetch(`${orrery.ui}/readyz`)).status;

it('answers from a real Elasticsearch what was sent to the intake', async () => {
  const traceId = newTraceId();
  expect(await send(orrery.otlp, 'traces', orderTrace(traceId, { correlationId: 'es-1' }))).toBe(200);
  await eventually(async () => expect(await found('es-1')).toEqual([traceId]));
  await eventually(async () => expect(await ready()).toBe(200));
});

it('takes telemetry while Elasticsearch is down, says so, and stores it once it is back', async () => {
  await elasticsearch.server.stop();
  await eventually(async () => expect(await ready()).toBe(503));
  const sent = [newTraceId(), newTraceId(), newTraceId()];
  for (const traceId of sent)
    expect(await send(orrery.otlp, 'traces', orderTrace(traceId, { correlationId: 'es-2' }))).toBe(200);
  const { components } = (await (await fetch(`${orrery.ui}/readyz`)).json()) as SystemStatus;
  const reasons = components.flatMap(({ ok, sentence }) => (ok ? [] : [sentence]));
  expect(reasons.join(' ')).toMatch(/Elasticsearch .*does not answer/);
  const lag = async () =>
    ((await (await fetch(`${orrery.ui}${API_BASE}/status`)).json()) as SystemStatus).log.lag_bytes;
  const before = await lag();
  expect(before, 'the log is the queue').toBeGreaterThan(0);
  sent.push(newTraceId());
  expect(await send(orrery.otlp, 'traces', orderTrace(sent.at(-1) as string, { correlationId: 'es-2' }))).toBe(200);
  await eventually(async () => expect(await lag()).toBeGreaterThan(before));
  const answer = await fetch(`${orrery.ui}${API_BASE}/traces`);
  expect(answer.status).toBe(503);
  expect(await answer.json()).toMatchObject({ code: 'store_unavailable' });
  await elasticsearch.startAgain();
  await eventually(async () => expect(await found('es-2')).toEqual(sent.toSorted()));
  await eventually(async () => expect(await ready()).toBe(200));
});

it('stores what was acknowledged once, although the store process is killed', async () => {
  const sent: string[] = [];
  for (let count = 0; count < 20; count++) {
    const traceId = newTraceId();
    sent.push(traceId);
    expect(await send(orrery.otlp, 'traces', orderTrace(traceId, { correlationId: 'es-3' }))).toBe(200);
    if (count === 10) process.kill(orrery.roles()['store'] ?? 0, 'SIGKILL');
  }
  await eventually(async () => expect(await found('es-3')).toEqual(sent.toSorted()));
  // Spans are shown in their own time, not with the summaries.
  await eventually(async () => {
    const answer = await fetch(`${orrery.ui}${API_BASE}/traces/${sent[10]}`);
    expect(await answer.json()).toMatchObject({ summary: { spans: 2 } });
  });
});
