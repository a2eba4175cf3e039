import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { processesWith } from './processes-with.js';
import { eventually, findFreeRange } from './running-shop.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** What `npm start` starts, on ports and with data of a test's own. */
export interface RunningOrrery {
  readonly ui: string;
  readonly shop: string;
  /** The script itself, as a terminal would have it. */
  readonly script: ChildProcess;
  /** What it has printed so far. */
  output(): string;
  /** Resolves when no process of it is left. */
  gone(): Promise<void>;
  stop(): Promise<void>;
}

/** Resolves when the script says that everything is ready. */
export async function startOrrery(args: string[] = []): Promise<RunningOrrery> {
  const base = await findFreeRange();
  const dataDir = await mkdtemp(join(tmpdir(), 'orrery-start-'));
  const mark = `ORRERY-TEST-${randomUUID()}`;
  const ports = ['--ui-port', base + 18, '--otlp-port', base + 19, '--demo-port', base].map(String);
  const script = spawn(
    process.execPath,
    [join(root, 'deploy/bootstrap/start.mjs'), '--data-dir', dataDir, ...ports, ...args],
    { cwd: root, env: { ...process.env, STARTED_BY: mark }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  const ready = new Promise<void>((resolve, reject) => {
    const onData = (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes('Orrery is ready')) resolve();
    };
    script.stdout.on('data', onData);
    script.stderr.on('data', onData);
    script.once('exit', (code) => reject(new Error(`npm start ended with ${code}:\n${output}`)));
  });
  ready.catch(() => {});
  const ended = new Promise<void>((resolve) => script.once('exit', () => resolve()));
  const gone = async () => {
    // A process that has ended and is not yet waited for is not seen among the processes any more.
    await ended;
    await eventually(
      () => processesWith(mark),
      (pids) => pids.length === 0,
    );
  };
  const stop = async () => {
    script.kill('SIGTERM');
    await gone();
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    await ready;
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    ui: `http://127.0.0.1:${base + 18}`,
    shop: `http://127.0.0.1:${base}`,
    script,
    output: () => output,
    gone,
    stop,
  };
}
