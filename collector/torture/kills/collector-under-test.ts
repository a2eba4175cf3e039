import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createStoreClient } from '../../src/store/tail/store-client.js';
import { storeSocket } from '../../src/store/tail/store-socket.js';
import type { StoreProcessHealth } from '../../src/store/tail/wire.js';
import { judge, type Verdict } from './judge.js';
import { until } from './killer.js';
import type { Fate } from './senders.js';
import { readStored } from './stored.js';
import { Telemetry } from './telemetry.js';
import { type Role, Victim } from './victim.js';

const CAUGHT_UP_MS = 120_000;

export interface CollectorOptions {
  program: readonly string[];
  port: number;
  preloads?: Partial<Record<Role, readonly string[]>>;
  env?: Record<string, string>;
  /** Where the data directory is made; a folder of its own in the system's for temporary files when left out. */
  dataDir?: string;
}

/** A real intake and a real store over one data directory, and numbered requests for them. */
export class CollectorUnderTest {
  readonly dataDir: string;
  readonly workDir: string;
  readonly ingest: Victim;
  readonly store: Victim;
  readonly telemetry: Telemetry;
  readonly fates: Fate[] = [];
  readonly #folder: string;
  readonly #port: number;

  private constructor(folder: string, options: CollectorOptions) {
    this.#folder = folder;
    this.#port = options.port;
    this.dataDir = options.dataDir ?? path.join(folder, 'data');
    this.workDir = path.join(folder, 'work');
    const common = {
      program: options.program,
      dataDir: this.dataDir,
      workDir: this.workDir,
      otlpPort: options.port,
      preloads: { ingest: options.preloads?.ingest ?? [], store: options.preloads?.store ?? [] },
      env: { ORRERY_INGEST__LOG__MIN_FREE_BYTES: '0', ORRERY_LOG_LEVEL: 'info', ...options.env },
    };
    this.ingest = new Victim('ingest', common);
    this.store = new Victim('store', common);
    this.telemetry = new Telemetry(1, Date.now());
  }

  static async prepare(options: CollectorOptions): Promise<CollectorUnderTest> {
    const folder = await mkdtemp(path.join(tmpdir(), 'orrery-faults-'));
    await mkdir(path.join(folder, 'work'));
    await writeFile(path.join(folder, 'work', 'clock'), `${Date.now()} ${Date.now()} 1`);
    return new CollectorUnderTest(folder, options);
  }

  /** Sends so many new requests; their statuses. */
  async send(count: number): Promise<number[]> {
    const first = this.fates.length;
    const statuses: number[] = [];
    for (let n = first; n < first + count; n++) {
      const { status } = await this.post(n);
      this.fates[n] = status === 200 ? 'acknowledged' : 'unknown';
      statuses.push(status);
    }
    return statuses;
  }

  /** Sends one request, perhaps not for the first time. */
  async post(n: number): Promise<{ status: number; retryAfter: string | null }> {
    const { path: where, headers, bytes } = this.telemetry.body(n);
    const answer = await fetch(`http://127.0.0.1:${this.#port}${where}`, {
      method: 'POST',
      headers,
      body: bytes as Uint8Array<ArrayBuffer>,
    });
    await answer.arrayBuffer();
    return { status: answer.status, retryAfter: answer.headers.get('retry-after') };
  }

  /** What the store process says of itself; null when it does not answer. */
  async health(): Promise<StoreProcessHealth | null> {
    const client = createStoreClient(storeSocket(this.dataDir));
    try {
      return await client.health(AbortSignal.timeout(5000));
    } catch {
      return null;
    } finally {
      client.close();
    }
  }

  async caughtUp(): Promise<void> {
    const done = await until(async () => (await this.health())?.lagBytes === 0, CAUGHT_UP_MS);
    if (!done) throw new Error(`The store does not catch up:\n${this.store.output}`);
  }

  /** Waits until all is stored, stops both, and counts. */
  async verdict(): Promise<Verdict> {
    await this.caughtUp();
    for (const victim of [this.ingest, this.store]) await victim.end('SIGTERM');
    return judge(this.telemetry, this.fates, await readStored(this.dataDir));
  }

  async close(): Promise<void> {
    for (const victim of [this.ingest, this.store]) {
      await victim.end('SIGKILL');
      victim.steps.close();
    }
    await rm(this.#folder, { recursive: true, force: true });
  }
}
