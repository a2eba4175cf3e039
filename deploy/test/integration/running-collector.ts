import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually, findFreeRange } from './running-shop.js';

const program = fileURLToPath(new URL('../../../collector/dist/main.js', import.meta.url));

/** The `orrery` program with ports and data of a test's own. */
export interface RunningCollector {
  readonly process: ChildProcess;
  /** First of its two ports: start another one there to be the same to everybody else. */
  readonly basePort: number;
  readonly ui: string;
  readonly otlp: string;
  /** GET under the API's base, as JSON. */
  get<Answer = unknown>(path: string): Promise<Answer>;
  post<Answer = unknown>(path: string, body: unknown): Promise<Answer>;
  /** Ends the program at once, and resolves when it is gone. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/** Resolves when `/readyz` says so. */
export async function startCollector(
  args: string[] = [],
  options: { dataDir?: string; cwd?: string; env?: Record<string, string>; basePort?: number; node?: string } = {},
): Promise<RunningCollector> {
  const base = options.basePort ?? (await findFreeRange());
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'orrery-collector-')));
  const ports = ['--ui-port', String(base), '--otlp-port', String(base + 1)];
  const child = spawn(options.node ?? process.execPath, [program, '--data-dir', dataDir, ...ports, ...args], {
    ...(options.cwd ? { cwd: options.cwd } : {}),
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exited = once(child, 'exit');
  const ui = `http://127.0.0.1:${base}`;
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    await exited;
    if (!options.dataDir) await rm(dataDir, { recursive: true, force: true });
  };
  const ask = async <Answer>(path: string, init?: RequestInit): Promise<Answer> => {
    const response = await fetch(`${ui}/api/orrery/v1${path}`, init);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Answer;
  };
  try {
    await eventually(
      async () => (await fetch(`${ui}/readyz`).catch(() => undefined))?.status ?? 0,
      (status) => {
        if (child.exitCode !== null) throw new Error(`the collector ended:\n${output}`);
        return status === 200;
      },
    );
  } catch (error) {
    await stop();
    throw new Error(`the collector did not get ready:\n${output}`, { cause: error });
  }
  return {
    process: child,
    basePort: base,
    ui,
    otlp: `http://127.0.0.1:${base + 1}`,
    get: (path) => ask(path),
    post: (path, body) =>
      ask(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
    stop,
  };
}
