import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { provideFaketime } from '../../../deploy/bootstrap/faketime.mjs';
import { API_BASE, type LogList, type SystemStatus } from '../../src/api/contract/index.js';
import { type OrreryProcess, startOrrery } from '../../test/integration/program/orrery-process.js';
import { Random } from '../fuzz/random.js';
import { judge, type Verdict } from '../kills/judge.js';
import { until } from '../kills/killer.js';
import { Senders } from '../kills/senders.js';
import { readStored } from '../kills/stored.js';
import { Telemetry } from '../kills/telemetry.js';
import { LiveTail } from './live-tail.js';
import { MachineClock, NOTICED_MS } from './machine-clock.js';

export interface ClockSet {
  what: string;
  /** Ahead of the right time, or back. */
  aheadMs: number;
  /** How long the clock stays so, beyond what the checks take. */
  standsMs?: number;
  /** So often it goes back by a minute more, at any moment of what a process does. */
  shakes?: number;
  /** The store process is killed meanwhile and starts with that clock. */
  killed?: boolean;
}

export interface ClockOutcome extends Verdict {
  /** What was wrong while the clock stood otherwise. */
  troubles: string[];
  slices: number;
  output: string;
}

const PATIENCE_MS = 120_000;
/** The least that the clock is set by: so much lag, in a collector that keeps up, is its doing. */
const SHAKE_MS = 60_000;
const REQUESTS_PER_SET = 40;
/** One request in so many is looked for by its time. */
const SAMPLED = 16;

/** A whole collector under load whose wall clock is set again and again; at the end everything stored is counted. */
export async function runClock(options: {
  seed: number;
  sets: readonly ClockSet[];
  say: (line: string) => void;
}): Promise<ClockOutcome> {
  const folder = await mkdtemp(path.join(tmpdir(), 'orrery-clock-'));
  const dataDir = path.join(folder, 'data');
  const clock = new MachineClock(await provideFaketime(), folder);
  const orrery = await startOrrery(dataDir, { env: { ...SETTINGS, ...clock.env } });
  const telemetry = new Telemetry(options.seed, Date.now());
  const senders = new Senders({
    telemetry,
    port: Number(new URL(orrery.otlp).port),
    random: new Random(options.seed),
    senders: 3,
    pauseMs: 25,
  });
  const random = new Random(options.seed + 1);
  const tail = new LiveTail(orrery.ui);
  const watch = new Watch(orrery);
  const troubles: string[] = [];
  try {
    await until(() => tail.follows, PATIENCE_MS);
    senders.start();
    for (const each of options.sets) {
      for (let shake = each.shakes ?? 0; shake >= 0; shake--) {
        clock.set(each.aheadMs + shake * SHAKE_MS);
        await wait(NOTICED_MS + random.int(NOTICED_MS));
      }
      watch.killed = each.killed === true;
      const store = orrery.roles()['store'];
      if (each.killed === true && store !== undefined) {
        process.kill(store, 'SIGKILL');
        await until(() => !tail.follows, PATIENCE_MS);
        await until(() => tail.follows, PATIENCE_MS);
      }
      const found = await goesOn(orrery, senders, tail);
      watch.killed = false;
      await wait(each.standsMs ?? 0);
      troubles.push(...found.map((trouble) => `${each.what}: ${trouble}`));
      options.say(`  ${each.what}: ${senders.acknowledged} acknowledged so far, ${found.join('; ') || 'all goes on'}`);
    }
    await senders.stop();
    if (!(await until(async () => (await statusOf(orrery)).log.lag_bytes === 0, PATIENCE_MS)))
      troubles.push('the store does not catch up');
    troubles.push(...(await notFound(orrery, senders, telemetry)), ...(await watch.stop()));
    await tail.close();
    await orrery.end('SIGTERM');
    const stored = await readStored(dataDir);
    return {
      ...judge(telemetry, senders.fates, stored),
      slices: stored.slices,
      troubles,
      output: orrery.output(),
    };
  } finally {
    await tail.close();
    await watch.stop();
    if (orrery.child.exitCode === null) await orrery.end('SIGKILL');
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

/** What does not go on as before: the intake, the store, or what is shown while it happens. */
async function goesOn(orrery: OrreryProcess, senders: Senders, tail: LiveTail): Promise<string[]> {
  const first = senders.fates.length;
  const { items_per_second: rate } = (await statusOf(orrery)).ingest.logs;
  if (!(await until(() => senders.fates.length >= first + REQUESTS_PER_SET, PATIENCE_MS)))
    return ['the intake does not go on'];
  const troubles: string[] = [];
  const check = async (trouble: string, holds: () => boolean | Promise<boolean>) => {
    if (!(await until(holds, PATIENCE_MS))) troubles.push(trouble);
  };
  const end = await figure(orrery, 'orrery_log_end_position');
  await check(
    'what came since is not stored',
    async () => (await figure(orrery, 'orrery_log_released_position')) >= end,
  );
  const lines = senders.fates.flatMap((fate, n) =>
    n >= first && n < first + REQUESTS_PER_SET && n % 4 === 2 && fate === 'acknowledged' ? [`line ${n} 0`] : [],
  );
  await check('the live tail does not show what came since', () => lines.every((line) => tail.bodies.has(line)));
  await check(
    'the items per second stand still',
    async () => (await statusOf(orrery)).ingest.logs.items_per_second !== rate,
  );
  return troubles;
}

/** Acknowledged lines that are not found at their own time. */
async function notFound(orrery: OrreryProcess, senders: Senders, telemetry: Telemetry): Promise<string[]> {
  const troubles: string[] = [];
  for (const [n, fate] of senders.fates.entries()) {
    if (n % 4 !== 2 || n % SAMPLED > 3 || fate !== 'acknowledged') continue;
    const atMs = telemetry.eventMs(n);
    const range = `from=${atMs - 1}&to=${atMs + 1}`;
    const { logs } = await get<LogList>(orrery, `/logs?${range}&limit=500`);
    const found = logs.filter(({ body }) => body.startsWith(`line ${n} `)).length;
    if (found !== telemetry.request(n).items) troubles.push(`${found} lines of request ${n} are found at their time`);
  }
  return troubles;
}

/** Asks again and again how the collector is, as a load balancer and a page would. */
class Watch {
  /** A process of it was killed and may be missed. */
  killed = false;
  readonly #troubles = new Set<string>();
  readonly #running: Promise<void>;
  #stopped = false;

  constructor(orrery: OrreryProcess) {
    this.#running = this.#look(orrery);
  }

  async stop(): Promise<string[]> {
    this.#stopped = true;
    await this.#running;
    return [...this.#troubles];
  }

  async #look(orrery: OrreryProcess): Promise<void> {
    while (!this.#stopped) {
      const { ready, components, log, ingest } = await statusOf(orrery);
      if (!this.killed && !ready)
        this.#troubles.add(`not ready: ${components.flatMap(({ ok, sentence }) => (ok ? [] : [sentence])).join(' ')}`);
      // A store that starts can not know by which clock the records were received that it finds.
      if (log.lag_ms < 0 || (!this.killed && log.lag_ms >= SHAKE_MS))
        this.#troubles.add("a lag is shown that is the clock's");
      if (ingest.logs.items_per_second < 0) this.#troubles.add('fewer than no items per second are shown');
      await wait(200);
    }
  }
}

const statusOf = (orrery: OrreryProcess): Promise<SystemStatus> => get(orrery, '/status');

async function get<Answer>(orrery: OrreryProcess, route: string): Promise<Answer> {
  const answer = await fetch(`${orrery.ui}${API_BASE}${route}`);
  if (answer.status !== 200) throw new Error(`${route}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Answer;
}

async function figure(orrery: OrreryProcess, name: string): Promise<number> {
  const text = await (await fetch(`${orrery.ui}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
}

const SETTINGS = {
  ORRERY_DUCKDB__SLICE_MINUTES: '1',
  // A clock that is a day ahead makes everything look older than this.
  ORRERY_DUCKDB__RETENTION_HOURS: '12',
  ORRERY_INGEST__LOG__SEGMENT_BYTES: '200000',
  ORRERY_INGEST__LOG__MIN_FREE_BYTES: '0',
};
