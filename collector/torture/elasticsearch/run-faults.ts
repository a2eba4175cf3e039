import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from '@elastic/elasticsearch';
import { startElasticsearch } from '../../../deploy/bootstrap/elasticsearch.mjs';
import { IndexNames } from '../../src/store/elasticsearch/indices.js';
import { createStoreClient } from '../../src/store/tail/store-client.js';
import { storeSocket } from '../../src/store/tail/store-socket.js';
import { freePort } from '../../test/integration/program/orrery-process.js';
import { Random } from '../fuzz/random.js';
import { judge, type Verdict } from '../kills/judge.js';
import { until } from '../kills/killer.js';
import { Senders } from '../kills/senders.js';
import { Telemetry } from '../kills/telemetry.js';
import { Victim } from '../kills/victim.js';
import { FaultyProxy, NETWORK_FAULTS } from './faulty-proxy.js';
import { readStoredDocuments } from './stored-documents.js';

export const FAULTS = [...NETWORK_FAULTS, 'store killed', 'server killed', 'server stopped'] as const;
export type Fault = (typeof FAULTS)[number];

/** Ten times as fast as the real one, begun a day ago: a slice ends every half a minute. */
const CLOCK_FACTOR = 10;
const CLOCK_BACK_MS = 86_400_000;
const SLICE_MINUTES = 5;
const FAULT_MS = 3000;
/** Until then a fault has met items on their way; on a busy machine little is under way. */
const MEETS_WITHIN_MS = 60_000;
const PREFIX = 'torture';
/** With hundreds of shards to recover, on a machine with much to do. */
const READY_MS = 600_000;
/** Without any progress for so long it is stuck. */
const STUCK_MS = 600_000;
const ASK_EVERY_MS = 2000;

export interface FaultsOptions {
  seed: number;
  /** In this order. */
  faults: readonly Fault[];
  program: readonly string[];
  /** How long `server stopped` lasts. */
  outageMs: number;
  senders: number;
  pauseMs: number;
  /** A mutant: ids that the cluster cannot recognise. */
  mutateIds?: boolean;
  say: (line: string) => void;
}

export interface FaultsOutcome extends Verdict {
  slices: number;
  /** A line for every fault: how often, what it met, what was acknowledged meanwhile. */
  table: string;
}

/** Load through a real intake and store, faults between them and a real server, and at the end the count. */
export async function runFaults(options: FaultsOptions): Promise<FaultsOutcome> {
  const folder = await mkdtemp(path.join(tmpdir(), 'orrery-faults-'));
  const workDir = path.join(folder, 'work');
  const dataDir = path.join(folder, 'data');
  await mkdir(workDir);
  const nowMs = Date.now();
  await writeFile(path.join(workDir, 'clock'), `${nowMs} ${nowMs - CLOCK_BACK_MS} ${CLOCK_FACTOR}`);
  await writeFile(path.join(workDir, 'synced'), '');
  const otlpPort = await freePort();
  const serverPort = await freePort();
  const startServer = () =>
    startElasticsearch({
      port: serverPort,
      dataDir: path.join(folder, 'server'),
      heap: '1g',
      readyWithinMs: READY_MS,
    });
  let server = await startServer();
  const random = new Random(options.seed);
  const proxy = new FaultyProxy(() => server.url, random);
  proxy.mutateIds = options.mutateIds ?? false;
  const common = {
    program: options.program,
    dataDir,
    workDir,
    otlpPort,
    preloads: { ingest: ['clock'], store: ['clock'] },
    env: {
      ORRERY_STORE: 'elasticsearch',
      ORRERY_ELASTICSEARCH__URL: await proxy.listen(),
      ORRERY_ELASTICSEARCH__INDEX_PREFIX: PREFIX,
      ORRERY_ELASTICSEARCH__SLICE_MINUTES: String(SLICE_MINUTES),
      ORRERY_ELASTICSEARCH__RETENTION_HOURS: '0',
      ORRERY_ELASTICSEARCH__REQUEST_TIMEOUT_MS: '10000',
      // Small, so that a write has many requests to lose.
      ORRERY_ELASTICSEARCH__BULK_BYTES: '262144',
      ORRERY_INGEST__LOG__MIN_FREE_BYTES: '0',
    },
  };
  const ingest = new Victim('ingest', common);
  const store = new Victim('store', common);
  const telemetry = new Telemetry(options.seed, nowMs - CLOCK_BACK_MS);
  const senders = new Senders({ ...options, telemetry, port: otlpPort, random: new Random(options.seed + 1) });
  const tried = new Map<Fault, { times: number; acknowledged: number }>();
  const client = new Client({ node: server.url, maxRetries: 3, requestTimeout: 120_000 });
  try {
    await ingest.start();
    await store.start();
    senders.start();
    await wait(FAULT_MS);
    for (const fault of options.faults) {
      const before = senders.acknowledged;
      if (fault === 'store killed') {
        await store.end('SIGKILL');
        await store.start();
      } else if (fault === 'server killed' || fault === 'server stopped') {
        if (fault === 'server killed') await server.kill('SIGKILL');
        else {
          await server.stop();
          await wait(options.outageMs);
        }
        server = await startServer();
      } else {
        proxy.fault = fault;
        if (!(await until(() => proxy.hasMetItems, MEETS_WITHIN_MS)))
          throw new Error(`nothing meets the fault ${fault}`);
        await wait(FAULT_MS);
        proxy.fault = null;
      }
      const { times, acknowledged } = tried.get(fault) ?? { times: 0, acknowledged: 0 };
      tried.set(fault, { times: times + 1, acknowledged: acknowledged + senders.acknowledged - before });
      options.say(`${fault}: ${senders.acknowledged - before} requests acknowledged meanwhile`);
      await wait(FAULT_MS / 3);
    }
    await senders.stop();
    await caughtUp(store, dataDir, options.say);
    const stored = await readStoredDocuments(client, new IndexNames(PREFIX, SLICE_MINUTES));
    return { ...judge(telemetry, senders.fates, stored), slices: stored.slices, table: tableOf(tried, proxy) };
  } finally {
    await client.close();
    for (const victim of [ingest, store]) {
      await victim.end('SIGKILL');
      victim.steps.close();
    }
    await proxy.close();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
    await rm(server.dataDir, { recursive: true, force: true });
  }
}

/** However long it takes, as long as it gets on. */
async function caughtUp(store: Victim, dataDir: string, say: (line: string) => void): Promise<void> {
  const client = createStoreClient(storeSocket(dataDir));
  let least = Number.POSITIVE_INFINITY;
  try {
    for (let patienceMs = STUCK_MS; patienceMs > 0; patienceMs -= ASK_EVERY_MS) {
      const lag = (await client.health(AbortSignal.timeout(ASK_EVERY_MS)).catch(() => null))?.lagBytes;
      if (lag === 0) return;
      if (lag !== undefined && lag < least) {
        if (least !== Number.POSITIVE_INFINITY) say(`catching up: ${(lag / 1e6).toFixed(1)} MB to go`);
        least = lag;
        patienceMs = STUCK_MS;
      }
      await wait(ASK_EVERY_MS);
    }
  } finally {
    client.close();
  }
  throw new Error(`The store does not catch up: ${least} bytes are left.\n${store.output}`);
}

function tableOf(tried: ReadonlyMap<Fault, { times: number; acknowledged: number }>, proxy: FaultyProxy): string {
  const met: ReadonlyMap<string, number> = proxy.met;
  const lines = [...tried].map(
    ([fault, { times, acknowledged }]) =>
      `${fault.padEnd(18)} ${String(times).padStart(5)} ${String(met.get(fault) ?? times).padStart(9)} ${String(acknowledged).padStart(13)}`,
  );
  return ['fault              times  met it by  acknowledged', ...lines].join('\n');
}
