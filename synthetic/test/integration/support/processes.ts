import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const here = new URL('.', import.meta.url);

/** The library as a process of its own. */
export interface Library {
  readonly url: string;
  mood(mood: 'well' | 'ill' | 'slow'): Promise<void>;
  heard(): Promise<{ method: string; path: string; headers: Record<string, string>; body: string }[]>;
  stop(): Promise<void>;
}

export async function startLibrary(port = 0): Promise<Library> {
  const child = fork(fileURLToPath(new URL('library.mjs', here)), [String(port)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [message] = (await once(child, 'message')) as [{ port: number }];
  const url = `http://127.0.0.1:${message.port}`;
  return {
    url,
    mood: async (mood) => {
      await fetch(`${url}/mood`, { method: 'POST', body: JSON.stringify({ mood }) });
    },
    heard: async () => (await (await fetch(`${url}/heard`)).json()) as Awaited<ReturnType<Library['heard']>>,
    stop: () => end(child, 'SIGTERM'),
  };
}

/** The command line as a process. */
export interface Runner {
  readonly child: ChildProcess;
  /** All it printed so far, both streams. */
  output(): string;
  /** Resolves with its exit code. */
  readonly ended: Promise<number | null>;
  end(signal: NodeJS.Signals): Promise<void>;
}

const cli = fileURLToPath(new URL('../../../src/cli.ts', here));

export function startRunner(args: readonly string[], env: Record<string, string> = {}, cwd?: string): Runner {
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), cli, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (output += String(chunk)));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return { child, output: () => output, ended, end: (signal) => end(child, signal) };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}

/** Waits until something is true; tells what it last saw when it never becomes so. */
export async function until<T>(look: () => T | Promise<T>, what: string, ms = 45_000): Promise<NonNullable<T>> {
  const limit = Date.now() + ms;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (Date.now() > limit) throw new Error(`Waited ${ms} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
