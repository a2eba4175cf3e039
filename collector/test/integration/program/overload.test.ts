import { execFile, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { SystemStatus } from '../../../src/api/contract/index.js';
import { encodeTraces } from '../../fixtures/otlp-encoder.js';
import { eventually, type OrreryProcess, startOrrery } from './orrery-process.js';

const run = promisify(execFile);
const fixtures = new URL('../../../../deploy/test/fixtures/', import.meta.url);
const loans = fileURLToPath(new URL('node-sdk/loans.mjs', fixtures));
const hello = fileURLToPath(new URL('hello.mjs', fixtures));
const agent = fileURLToPath(new URL('../../../../agent/dist/register.cjs', import.meta.url));

let folder: string;
let orrery: OrreryProcess;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'orrery-overload-'));
  const config = join(folder, 'orrery.yaml');
  await writeFile(config, 'ingest:\n  log: { max_bytes: 400000, segment_bytes: 100000, min_free_bytes: 0 }\n');
  orrery = await startOrrery(join(folder, 'data'), { args: ['--config', config] });
});
afterEach(async () => {
  await orrery.end('SIGTERM');
  await rm(folder, { recursive: true, force: true });
});

let spans = 0;

async function send(service: string, bytes: number): Promise<number> {
  const traceId = (++spans).toString(16).padStart(32, 'b');
  const now = BigInt(Date.now()) * 1_000_000n;
  const attributes = { text: 'x'.repeat(bytes) };
  const span = { traceId, spanId: traceId.slice(-16), name: 'flood', startNano: now, endNano: now, attributes };
  const body = new Uint8Array(encodeTraces({ 'service.name': service }, [span]));
  const headers = { 'content-type': 'application/x-protobuf' };
  const response = await fetch(`${orrery.otlp}/v1/traces`, { method: 'POST', headers, body });
  await response.arrayBuffer();
  return response.status;
}

async function count(q: string): Promise<number> {
  const response = await fetch(`${orrery.ui}/api/orrery/v1/query`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ signal: 'spans', q, measures: [{ op: 'count' }] }),
  });
  const { groups } = (await response.json()) as { groups: { values: number[] }[] };
  return groups[0]?.values[0] ?? 0;
}

/** How often the intake refused a service, from its metrics: they are there while the store stands still. */
async function refusedOf(service: string): Promise<number> {
  const text = await (await fetch(`${orrery.ui}/metrics`)).text();
  const lines = text.matchAll(/^orrery_ingest_sender_refusals_total\{(.*)\} (\d+)$/gm);
  return [...lines].reduce((sum, [, labels, value]) => sum + (labels?.includes(`"${service}"`) ? Number(value) : 0), 0);
}

it('refuses while the store stands still, and the retries of SDK and agent bring everything in', async () => {
  const store = orrery.roles()['store'] as number;
  process.kill(store, 'SIGSTOP');
  let acknowledged = 0;
  let sender = 0;
  try {
    // As many senders as it takes until there is no room for anybody's body, however small.
    for (const bytes of [20_000, 2000, 100]) {
      for (let sent = 1; sent > 0; sender++) {
        let status = 200;
        for (sent = 0; status === 200; sent++) status = await send(`flood ${sender}`, bytes);
        expect([429, 503]).toContain(status);
        acknowledged += --sent;
      }
    }
    const standing = (await (await fetch(`${orrery.ui}/api/orrery/v1/status`)).json()) as SystemStatus;
    expect(standing.ready).toBe(false);
    expect(standing.components).toContainEqual({
      name: 'store',
      ok: false,
      sentence: expect.stringMatching(/\w+.*\.$/),
    });
    expect(standing.log.lag_bytes, 'a store that does not answer is not up to date').toBeGreaterThan(100_000);
    const environment = {
      ...process.env,
      OTEL_EXPORTER_OTLP_ENDPOINT: orrery.otlp,
      OTEL_TRACES_EXPORTER: 'otlp',
      OTEL_METRICS_EXPORTER: 'none',
    };
    const traced = existsSync(agent) ? startAgent(environment) : null;
    if (traced !== null) await eventually(async () => expect(await refusedOf('greeter')).toBeGreaterThan(0));
    // Last, because it gives up after some tries.
    const sdk = run(process.execPath, [loans], { env: { ...environment, OTEL_SERVICE_NAME: 'loans' } });
    await eventually(async () => expect(await refusedOf('loans')).toBeGreaterThan(0));
    process.kill(store, 'SIGCONT');
    await sdk;
    await eventually(async () => expect(await count('service:loans')).toBe(3));
    if (traced !== null) {
      await eventually(async () => expect(await count('service:greeter AND kind:server')).toBe(2));
      await (await traced).stop();
    }
    await eventually(async () => expect(await count('name:flood')).toBe(acknowledged));
  } finally {
    process.kill(store, 'SIGCONT');
  }
  const status = (await (await fetch(`${orrery.ui}/api/orrery/v1/status`)).json()) as {
    refused_senders: { service: string; reason: string; requests: number }[];
  };
  const reasons = new Map(status.refused_senders.map(({ service, reason }) => [service, reason]));
  expect([reasons.get('flood 0'), reasons.get('loans')]).toEqual(['over_share', 'log_full']);
}, 120_000);

async function startAgent(environment: NodeJS.ProcessEnv) {
  const env = { ...environment, OTEL_SERVICE_NAME: 'greeter', OTEL_BSP_SCHEDULE_DELAY: '200' };
  const child = fork(hello, { execArgv: ['--require', agent], env, silent: true });
  const port = await new Promise<number>((resolve) => child.once('message', (message) => resolve(message as number)));
  await (await fetch(`http://127.0.0.1:${port}/hello/you`)).text();
  return {
    stop: () =>
      new Promise<void>((resolve) => {
        child.once('exit', () => resolve());
        child.kill('SIGTERM');
      }),
  };
}
