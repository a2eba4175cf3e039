import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { FileLogWriter } from '../../../src/log/file-log-writer.js';
import { createStoreClient } from '../../../src/store/tail/store-client.js';
import { storeSocket } from '../../../src/store/tail/store-socket.js';

const program = fileURLToPath(new URL('store-program.ts', import.meta.url));
export const signal = new AbortController().signal;

/** A data directory with a log that is written here, and the real store process that follows it. */
export class StoreProcess {
  readonly directory: string;
  readonly log: FileLogWriter;
  readonly client;
  #child: ChildProcess | null = null;

  private constructor(directory: string, log: FileLogWriter) {
    this.directory = directory;
    this.log = log;
    this.client = createStoreClient(storeSocket(directory));
  }

  static async prepare(given?: string): Promise<StoreProcess> {
    const directory = given ?? (await mkdtemp(path.join(tmpdir(), 'orrery-store-')));
    const log = await FileLogWriter.open({
      directory: path.join(directory, 'log'),
      maxBytes: 1e9,
      segmentBytes: 4e6,
      minFreeBytes: 0,
      dedupeMs: 60_000,
      warn: console.error,
    });
    return new StoreProcess(directory, log);
  }

  /** Resolves once it answers. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, ['--import', 'tsx', program, this.directory], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#child = child;
    if (!child.stdout) throw new Error('the store has no output');
    for await (const chunk of child.stdout) if (String(chunk).includes('running')) return;
    throw new Error('the store ended before it ran');
  }

  async end(how: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(how);
    await ended;
  }

  /** Resolves once everything of the log is stored. */
  async caughtUp(): Promise<void> {
    for (;;) {
      const { lagBytes } = await this.client.health(signal);
      if (lagBytes === 0) return;
      await wait(20);
    }
  }

  async close(): Promise<void> {
    await this.end('SIGKILL');
    this.client.close();
    await this.log.close();
    await rm(this.directory, { recursive: true, force: true });
  }
}
