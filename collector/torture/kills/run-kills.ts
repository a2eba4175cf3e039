import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Step } from '../../src/self/step-trace.js';
import { createStoreClient } from '../../src/store/tail/store-client.js';
import { storeSocket } from '../../src/store/tail/store-socket.js';
import { freePort } from '../../test/integration/program/orrery-process.js';
import { Random } from '../fuzz/random.js';
import { judge, type Verdict } from './judge.js';
import { Killer, until } from './killer.js';
import { Senders } from './senders.js';
import { readStored } from './stored.js';
import { Telemetry } from './telemetry.js';
import { type Role, Victim } from './victim.js';
import type { Strikes } from './windows.js';

/** Six seconds are a minute for the collector, so that batches cross the ends of its slices. */
const CLOCK_FACTOR = 10;
/** The clock begins this far back, and never overtakes the one that files are stamped with. */
const CLOCK_BACK_MS = 86_400_000;
const CAUGHT_UP_MS = 120_000;

export interface KillsOptions {
  seed: number;
  kills: number;
  program: readonly string[];
  senders?: number;
  pauseMs?: number;
  /** Mutants and observers: names in `preload/`. */
  preloads?: Partial<Record<Role, readonly string[]>>;
  env?: Record<string, string>;
  /** The steps to aim at; all of them when left out. */
  aim?: readonly Step[];
  /** Both processes die at once, and this is what the power cut does to their files. */
  powerCut?: (files: { dataDir: string; synced: string }, random: Random) => Promise<void>;
  say: (line: string) => void;
}

export interface KillsOutcome extends Verdict {
  strikes: Strikes;
  slices: number;
  /** Records that were set aside: none may be, since none is bad. */
  deadLetters: number;
}

/** Load, kills, and at the end the count of what is stored. The files stay when something is wrong. */
export async function runKills(options: KillsOptions): Promise<KillsOutcome> {
  const folder = await mkdtemp(path.join(tmpdir(), 'orrery-kills-'));
  const dataDir = path.join(folder, 'data');
  const workDir = path.join(folder, 'work');
  await mkdir(workDir);
  const nowMs = Date.now();
  await writeFile(path.join(workDir, 'clock'), `${nowMs} ${nowMs - CLOCK_BACK_MS} ${CLOCK_FACTOR}`);
  await writeFile(path.join(workDir, 'synced'), '');
  const random = new Random(options.seed);
  const port = await freePort();
  const common = {
    program: options.program,
    dataDir,
    workDir,
    otlpPort: port,
    preloads: {
      ingest: ['clock', ...(options.preloads?.ingest ?? [])],
      store: ['clock', ...(options.preloads?.store ?? [])],
    },
    env: { ...SETTINGS, ...options.env },
  };
  const victims = { ingest: new Victim('ingest', common), store: new Victim('store', common) };
  const telemetry = new Telemetry(options.seed, nowMs - CLOCK_BACK_MS);
  const senders = new Senders({
    telemetry,
    port,
    random: new Random(options.seed + 1),
    senders: options.senders ?? 6,
    pauseMs: options.pauseMs ?? 25,
  });
  const killer = new Killer(victims, random, {
    aim: options.aim,
    together: options.powerCut !== undefined,
    onKilled: async () => options.powerCut?.({ dataDir, synced: path.join(workDir, 'synced') }, random),
  });
  try {
    await victims.ingest.start();
    await victims.store.start();
    senders.start();
    for (let kill = 1; kill <= options.kills; kill++) {
      await killer.kill();
      if (kill % 20 === 0) options.say(`${kill} kills, ${senders.acknowledged} requests acknowledged`);
    }
    await senders.stop();
    await caughtUp(victims, dataDir);
    for (const role of ['ingest', 'store'] as const) await victims[role].end('SIGTERM');
    const stored = await readStored(dataDir);
    const verdict = judge(telemetry, senders.fates, stored);
    const outcome = {
      ...verdict,
      strikes: killer.strikes,
      slices: stored.slices,
      deadLetters: await setAside(dataDir),
    };
    if (outcome.deadLetters > 0) outcome.faults.push(`${outcome.deadLetters} requests were set aside`);
    if (outcome.faults.length === 0) await rm(folder, { recursive: true });
    else options.say(`The files are kept in ${folder}.`);
    return outcome;
  } finally {
    for (const role of ['ingest', 'store'] as const) {
      await victims[role].end('SIGKILL');
      victims[role].steps.close();
    }
  }
}

async function caughtUp(victims: Record<Role, Victim>, dataDir: string): Promise<void> {
  const client = createStoreClient(storeSocket(dataDir));
  const signal = AbortSignal.timeout(CAUGHT_UP_MS);
  let trouble: string | null = null;
  const isDone = async () => {
    const health = await client.health(signal).catch(() => null);
    trouble = health?.trouble ?? null;
    return health?.lagBytes === 0;
  };
  const done = await until(isDone, CAUGHT_UP_MS);
  client.close();
  if (!done) throw new Error(`The store does not catch up (${trouble}):\n${victims.store.output}`);
}

/** Records and bytes that the collector put aside. */
async function setAside(dataDir: string): Promise<number> {
  const names = async (folder: string) => (await readdir(path.join(dataDir, folder)).catch(() => [])) as string[];
  const records = (await names('quarantine')).filter((name) => name.endsWith('.json'));
  return records.length + (await names('log/damaged')).length;
}

const SETTINGS = {
  ORRERY_DUCKDB__SLICE_MINUTES: '1',
  ORRERY_DUCKDB__RETENTION_HOURS: '0',
  ORRERY_DUCKDB__RETENTION_BYTES: '0',
  ORRERY_DUCKDB__MEMORY_BYTES: '536870912',
  // Small, so that segments come and go.
  ORRERY_INGEST__LOG__SEGMENT_BYTES: '200000',
  ORRERY_INGEST__LOG__MIN_FREE_BYTES: '0',
  ORRERY_LOG_LEVEL: 'warn',
};
