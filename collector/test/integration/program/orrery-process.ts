import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../../src/main.ts', import.meta.url));

/** The program as a user starts it, from its sources. */
export interface OrreryProcess {
  child: ChildProcess;
  ui: string;
  otlp: string;
  /** What it printed so far, log lines included. */
  output(): string;
  /** Process ids of its children by role. */
  roles(): Record<string, number>;
  /** Sends the signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/** Given out here already, perhaps to a process that has yet to take it. */
const given = new Set<number>();

export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 200; tries++) {
    const port = 21_510 + Math.floor(Math.random() * 89);
    if (given.has(port)) continue;
    const server = createServer();
    const free = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!free) continue;
    server.close();
    await once(server, 'close');
    given.add(port);
    if (given.size > 60) given.clear();
    return port;
  }
  throw new Error('no free port between 21510 and 21599');
}

export async function startOrrery(
  dataDir: string,
  options: { args?: string[]; env?: Record<string, string>; uiPort?: number; otlpPort?: number } = {},
) {
  const uiPort = options.uiPort ?? (await freePort());
  const otlpPort = options.otlpPort ?? (await freePort());
  const orrery = spawnOrrery(
    [`--data-dir=${dataDir}`, `--ui-port=${uiPort}`, `--otlp-port=${otlpPort}`, ...(options.args ?? [])],
    { ui: `http://127.0.0.1:${uiPort}`, otlp: `http://127.0.0.1:${otlpPort}` },
    options.env,
  );
  await eventually(() => {
    if (orrery.child.exitCode !== null) throw new Error(`it ended: ${orrery.output()}`);
    if (!orrery.output().includes(' runs: ')) throw new Error(`it does not run yet: ${orrery.output()}`);
  }).catch(async (error: unknown) => {
    // Nobody else knows of it yet.
    if (orrery.child.exitCode === null) await orrery.end('SIGKILL');
    throw error;
  });
  return orrery;
}

export function spawnOrrery(
  args: string[],
  addresses = { ui: '', otlp: '' },
  env: Record<string, string> = {},
): OrreryProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data: Buffer) => (printed += data.toString()));
  const closed = once(child, 'close');
  return {
    child,
    ...addresses,
    output: () => printed,
    roles: () => childrenOf(child.pid ?? 0),
    async end(signal) {
      child.kill(signal);
      await closed;
      return child.exitCode;
    },
  };
}

/** Linux tells the parent of every process in /proc. */
function childrenOf(pid: number): Record<string, number> {
  const roles: Record<string, number> = {};
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
      if (Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) !== pid) continue;
      const role = readFileSync(`/proc/${entry}/cmdline`, 'utf8')
        .split('\0')
        .find((word) => /^(ingest|store|api)$/.test(word));
      if (role) roles[role] = Number(entry);
    } catch {
      // It ended while we looked.
    }
  }
  return roles;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Waits until `check` no longer throws, and returns what it gives; its last error is the test's. */
export async function eventually<T>(check: () => T | Promise<T>, timeoutMs = 30_000): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
