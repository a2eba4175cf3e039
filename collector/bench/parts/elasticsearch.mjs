import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { startElasticsearch } from '../../../deploy/bootstrap/elasticsearch.mjs';
import { findFreePort } from '../../../deploy/bootstrap/free-port.mjs';
import { encodeRequest, SPANS_PER_REQUEST } from '../load/requests.mjs';
import { figure, thousands } from './figure.mjs';
import { cpuOfFamily, cpuOfGroup } from './processes-cpu.mjs';

export const name = 'elasticsearch';
export const about =
  'the whole program with a real Elasticsearch on the same cores: CPU of all our processes (intake, store, API) an item';

const program = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const ROUNDS = 3;
/** Of each signal in a round; the first round warms everything up and is not told. */
const REQUESTS = 30;
const ITEMS_PER_REQUEST = SPANS_PER_REQUEST;
/** Signals, as OTLP's paths name them, with the indices that hold their items. */
const KINDS = { traces: 'spans', logs: 'logs', metrics: 'metrics' };

export async function run({ connections }) {
  const folder = await mkdtemp(join(tmpdir(), 'orrery-bench-'));
  const server = await startElasticsearch({ dataDir: join(folder, 'server'), heap: '1g' });
  const [uiPort, otlpPort] = [await findFreePort(), await findFreePort()];
  const args = [`--data-dir=${join(folder, 'data')}`, `--ui-port=${uiPort}`, `--otlp-port=${otlpPort}`];
  const child = spawn(
    process.execPath,
    [program, ...args, '--store=elasticsearch', `--elasticsearch-url=${server.url}`],
    { stdio: 'ignore', env: { ...process.env, ORRERY_LOG_LEVEL: 'error' } },
  );
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  try {
    await until(async () => (await fetch(`http://127.0.0.1:${uiPort}/readyz`).catch(() => null))?.ok === true);
    for (const [signal, kind] of Object.entries(KINDS)) {
      const path = `/v1/${signal}`;
      const rounds = [];
      for (let round = 0; round <= ROUNDS; round++) {
        const bodies = Array.from({ length: REQUESTS }, (_, number) =>
          gzipSync(encodeRequest(round * REQUESTS + number, signal)),
        );
        const before = { ours: cpuOfFamily(child.pid), server: cpuOfGroup(server.pid), at: performance.now() };
        await sendAll(bodies, { agent, connections, path, port: otlpPort });
        await until(async () => (await lag(uiPort)) === 0);
        const items = REQUESTS * ITEMS_PER_REQUEST;
        rounds.push({
          ours: ((cpuOfFamily(child.pid) - before.ours) / items) * 1e6,
          server: ((cpuOfGroup(server.pid) - before.server) / items) * 1e6,
          perSecond: items / ((performance.now() - before.at) / 1000),
        });
      }
      const told = rounds.slice(1);
      figure(`${kind}: CPU of all our processes`, spread(told.map(({ ours }) => ours)), 'µs an item');
      figure(`${kind}: CPU of Elasticsearch`, spread(told.map((each) => each.server)), 'µs an item');
      figure(`${kind}: sent until stored`, thousands(median(told.map((each) => each.perSecond))), 'items/s');
      figure(`${kind}: on disk`, await bytesPerDocument(server.url, kind), 'B a document');
    }
  } finally {
    agent.destroy();
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
    await server.stop();
    await rm(folder, { recursive: true, force: true });
    await rm(server.dataDir, { recursive: true, force: true });
  }
}

async function sendAll(bodies, { agent, connections, path, port }) {
  const left = [...bodies];
  const worker = async () => {
    for (let body = left.pop(); body !== undefined; body = left.pop()) {
      while ((await post(body, { agent, path, port })) !== 200) await wait(200);
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
}

function post(body, { agent, path, port }) {
  return new Promise((resolve, reject) => {
    const headers = {
      'Content-Type': 'application/x-protobuf',
      'Content-Encoding': 'gzip',
      'Content-Length': body.length,
    };
    const sent = request({ host: '127.0.0.1', port, method: 'POST', path, agent, headers }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

async function lag(uiPort) {
  const answer = await fetch(`http://127.0.0.1:${uiPort}/api/orrery/v1/status`);
  return answer.ok ? (await answer.json()).log.lag_bytes : null;
}

async function bytesPerDocument(url, kind) {
  await fetch(`${url}/orrery-${kind}-*/_flush`, { method: 'POST' });
  const { _all } = await (await fetch(`${url}/orrery-${kind}-*/_stats/store,docs`)).json();
  return (_all.primaries.store.size_in_bytes / _all.primaries.docs.count).toFixed(0);
}

async function until(isDone) {
  while (!(await isDone())) await wait(100);
}

function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

function spread(values) {
  return `${median(values).toFixed(1)} (${Math.min(...values).toFixed(1)}–${Math.max(...values).toFixed(1)})`;
}
