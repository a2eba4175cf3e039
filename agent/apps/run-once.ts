import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { type Asker, asker } from './ask.js';
import type { Answer, Exchange, Place, PublishedApp } from './published-app.js';

const CONNECTIONS = 20;
const REQUESTS = 1000;
const START_MS = 120_000;
const STOP_MS = 20_000;

/** One request that was made, and what came back. */
export interface Made {
  readonly correlation: string;
  readonly exchange: Exchange;
  readonly answer: Answer;
}

/** Everything that could be seen of one run from outside. */
export interface Run {
  readonly made: readonly Made[];
  readonly load: readonly Made[];
  readonly stdout: string;
  readonly stderr: string;
  readonly pid: number;
  /** Address of the server it was given, if any. */
  readonly server: string;
  readonly end: { readonly code: number | null; readonly signal: string | null; readonly ms: number };
}

export interface RunOptions {
  readonly folder: string;
  readonly node: string;
  readonly ports: readonly number[];
  readonly server: string;
  /** Where the agent sends; without it the agent is not there. */
  readonly collector?: string;
}

/** Starts the application, asks it everything, and stops it. */
export async function runOnce(app: PublishedApp, options: RunOptions): Promise<Run> {
  const data = join(tmpdir(), `orrery-app-${options.ports[0]}`);
  await rm(data, { recursive: true, force: true });
  await mkdir(data, { recursive: true });
  const place: Place = { folder: options.folder, ports: options.ports, server: options.server, data };
  for (const [file, text] of Object.entries(app.files?.(place) ?? {})) await writeFile(join(data, file), text);
  const child = startProgram(app, place, options);
  const output = collected(child);
  const ended = once(child, 'close') as Promise<[number | null, string | null]>;
  const port = options.ports[0] as number;
  const one = asker(port, 1);
  const many = asker(port, CONNECTIONS);
  try {
    await untilReady(app, one, ended, output);
    const made = await askInOrder(app, one);
    const load = await askAtOnce(app, many, made.seen);
    one.close();
    many.close();
    const before = performance.now();
    child.kill(app.stop);
    const [code, signal] = await within(ended, STOP_MS, `${app.name} does not end on ${app.stop}`);
    const { pid = 0 } = child;
    return {
      made: made.made,
      load,
      ...output(),
      pid,
      server: options.server,
      end: { code, signal, ms: Math.round(performance.now() - before) },
    };
  } finally {
    one.close();
    many.close();
    endGroup(child);
    await ended;
    await rm(data, { recursive: true, force: true });
  }
}

function startProgram(app: PublishedApp, place: Place, { folder, node, collector }: RunOptions): ChildProcess {
  const { program, args, env = {}, cwd = '.' } = app.start(place);
  const observed = {
    NODE_OPTIONS: '--require @orrery/agent/register',
    OTEL_EXPORTER_OTLP_ENDPOINT: collector ?? '',
    OTEL_SERVICE_NAME: app.name,
  };
  const file = program === 'node' ? node : join(folder, 'node_modules', '.bin', program);
  return spawn(file, args, {
    cwd: join(folder, cwd),
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: [dirname(node), join(folder, 'node_modules', '.bin'), process.env['PATH']].join(delimiter),
      HOME: place.data,
      TMPDIR: place.data,
      ...env,
      ...(collector === undefined ? {} : observed),
    },
  });
}

function collected(child: ChildProcess): () => { stdout: string; stderr: string } {
  const parts = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (part: string) => {
    parts.stdout += part;
  });
  child.stderr?.setEncoding('utf8').on('data', (part: string) => {
    parts.stderr += part;
  });
  return () => ({ ...parts });
}

async function untilReady(
  { name, readyPath }: PublishedApp,
  one: Asker,
  ended: Promise<unknown>,
  output: () => { stdout: string; stderr: string },
): Promise<void> {
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  const until = performance.now() + START_MS;
  for (let count = 0; ; count++) {
    const { status } = await one.ask({ path: readyPath }, `ready${count}`, {});
    if (status > 0 && status < 500) return;
    if (isOver || performance.now() > until) {
      const { stdout, stderr } = output();
      throw new Error(`${name} did not start: ${`${stdout}\n${stderr}`.trim().slice(-2000)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function askInOrder(
  { exchanges }: PublishedApp,
  one: Asker,
): Promise<{ made: Made[]; seen: Record<string, Answer> }> {
  const seen: Record<string, Answer> = {};
  const made: Made[] = [];
  for (const [index, exchange] of exchanges.entries()) {
    const correlation = `one-${index}`;
    const answer = await one.ask(exchange, correlation, seen);
    if (exchange.as !== undefined) seen[exchange.as] = answer;
    made.push({ correlation, exchange, answer });
  }
  return { made, seen };
}

async function askAtOnce(
  { load, requests = REQUESTS }: PublishedApp,
  many: Asker,
  seen: Readonly<Record<string, Answer>>,
): Promise<Made[]> {
  const made: Made[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < requests) {
      const index = next++;
      const exchange = load[index % load.length] as Exchange;
      const correlation = `load-${index}`;
      made[index] = { correlation, exchange, answer: await many.ask(exchange, correlation, seen) };
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, work));
  return made;
}

async function within<Result>(promise: Promise<Result>, ms: number, sentence: string): Promise<Result> {
  let limit: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    limit = setTimeout(() => reject(new Error(sentence)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(limit);
  }
}

/** What the application left behind; its group is its own. */
function endGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // There is nothing left.
  }
}
