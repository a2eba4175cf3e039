import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { startElasticsearch } from '../../../deploy/bootstrap/elasticsearch.mjs';
import { createStoreClient } from '../../dist/store/tail/store-client.js';
import { storeSocket } from '../../dist/store/tail/store-socket.js';
import { encodeRequest, SPANS_PER_REQUEST } from '../load/requests.mjs';
import { onCollector, SIGNALS } from './on-collector.mjs';
import { cpuOfGroup } from './processes-cpu.mjs';
import { Rounds } from './rounds.mjs';

export const name = 'elasticsearch';
export const about =
  'the whole program with a real Elasticsearch on the same cores: CPU of our processes (intake, store, API) an item';

const ROUNDS = 3;
/**
 * Rounds before those that are told: beside Elasticsearch the compilers of V8 take half a million items until every
 * function is as quick as it gets, and what they use meanwhile is no part of what an item costs.
 */
const WARM_UP_ROUNDS = 5;
/** Of a round, each sent once: no trace comes twice. */
const REQUESTS = 100;
const ITEMS = REQUESTS * SPANS_PER_REQUEST;

/** Per signal and process: microseconds of CPU for an item, from its request to its document. */
export async function run({ asked, connections }) {
  const folder = await mkdtemp(join(tmpdir(), 'orrery-bench-'));
  const server = await startElasticsearch({ dataDir: join(folder, 'server'), heap: '1g' });
  const environment = { ORRERY_STORE: 'elasticsearch', ORRERY_ELASTICSEARCH__URL: server.url };
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  try {
    await onCollector(async (collector, dataDir) => {
      const store = createStoreClient(storeSocket(dataDir));
      for (const [signal, { items }] of Object.entries(SIGNALS)) {
        if (asked.signal !== undefined && asked.signal !== signal) continue;
        console.log(`\n  ${signal}`);
        const rounds = new Rounds();
        for (let round = 0; round < WARM_UP_ROUNDS + (asked.rounds ?? ROUNDS); round++) {
          const bodies = bodiesOf(signal, round * REQUESTS);
          const figures = await measured(collector, server, async () => {
            await sendAll(bodies, { agent, connections, path: `/v1/${signal}`, port: collector.otlpPort });
            await stored(store);
          });
          if (round >= WARM_UP_ROUNDS)
            for (const { label, value, unit, digits } of figures) rounds.add(label, value, unit(items), digits);
        }
        rounds.add('on disk', await bytesPerDocument(server.url, KINDS[signal]), 'B a document');
        rounds.print();
      }
      store.close();
    }, environment);
  } finally {
    agent.destroy();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
    await rm(server.dataDir, { recursive: true, force: true });
  }
}

/** Signals with the indices that hold their items. */
const KINDS = { traces: 'spans', logs: 'logs', metrics: 'metrics' };

function bodiesOf(signal, from) {
  return Array.from({ length: REQUESTS }, (_, number) => gzipSync(encodeRequest(from + number, signal)));
}

/** What our processes and the server used for a round of items. */
async function measured(collector, server, work) {
  const [before, serverBefore, began] = [collector.processes(), cpuOfGroup(server.pid), performance.now()];
  await work();
  const seconds = (performance.now() - began) / 1000;
  const microseconds = (cpuSeconds) => (cpuSeconds / ITEMS) * 1e6;
  const ours = collector
    .processes()
    .map(({ role, cpuSeconds }, at) => ({ role, value: microseconds(cpuSeconds - before[at].cpuSeconds) }));
  const each = { unit: () => 'µs each', digits: 2 };
  return [
    { label: 'CPU of all our processes', value: ours.reduce((sum, { value }) => sum + value, 0), ...each },
    ...ours.map(({ role, value }) => ({ label: `  CPU of ${role}`, value, ...each })),
    { label: 'CPU of Elasticsearch', value: microseconds(cpuOfGroup(server.pid) - serverBefore), ...each },
    { label: 'sent until stored', value: ITEMS / seconds, unit: (items) => `${items}/s`, digits: 0 },
  ];
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

/** Asked of the store itself: the API's page of the system asks Elasticsearch for figures of its own. Seldom: it costs, too. */
async function stored(store) {
  while ((await store.health(AbortSignal.timeout(60_000))).lagBytes > 0) await wait(500);
}

async function bytesPerDocument(url, kind) {
  await fetch(`${url}/orrery-${kind}-*/_flush`, { method: 'POST' });
  const { _all } = await (await fetch(`${url}/orrery-${kind}-*/_stats/store,docs`)).json();
  return _all.primaries.store.size_in_bytes / _all.primaries.docs.count;
}
