import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Another Node for the applications, to try the agent on it: `ORRERY_TEST_NODE=/path/to/node`. */
const NODE = process.env['ORRERY_TEST_NODE'] ?? process.execPath;
const REGISTER = fileURLToPath(new URL('../../dist/register.cjs', import.meta.url));

export interface RunningApp {
  readonly process: ChildProcess;
  readonly output: () => { readonly stdout: string; readonly stderr: string };
  /** First number of the line `listening <port>` the application writes to stdout. */
  readonly port: Promise<number>;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  /** Ends it with SIGTERM and waits. */
  stop(): Promise<void>;
}

export interface RunOptions {
  /** Where the agent sends; none means that the agent is not preloaded. */
  readonly collector?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Default `--require`. */
  readonly preload?: '--require' | '--import';
  readonly nodeArguments?: readonly string[];
  readonly programArguments?: readonly string[];
  /** Program of another Node. */
  readonly node?: string;
  /** A program, with its arguments, that starts Node. */
  readonly under?: readonly string[];
}

/** Starts a program of `test/fixtures/` in a process of its own, with the built agent preloaded. */
export function runApp(app: string, options: RunOptions = {}): RunningApp {
  const file = fileURLToPath(new URL(`../fixtures/${app}`, import.meta.url));
  return runNode([file, ...(options.programArguments ?? [])], options);
}

export function runNode(program: readonly string[], options: RunOptions = {}): RunningApp {
  const { collector, env = {}, preload = '--require', nodeArguments = [], node = NODE, under = [] } = options;
  const hook = collector === undefined ? [] : [preload, REGISTER];
  const [command = node, ...rest] = [...under, node, ...hook, ...nodeArguments, ...program];
  const child = spawn(command, rest, {
    env: {
      PATH: process.env['PATH'] ?? '',
      ...(collector === undefined ? {} : { OTEL_EXPORTER_OTLP_ENDPOINT: collector, OTEL_BSP_SCHEDULE_DELAY: '50' }),
      ...env,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  const port = new Promise<number>((resolve, reject) => {
    child.stdout?.on('data', (part: Buffer) => {
      stdout += part.toString();
      const found = /listening (\d+)/.exec(stdout)?.[1];
      if (found !== undefined) resolve(Number(found));
    });
    child.on('exit', () => reject(new Error(`the application ended before it listened: ${stderr}`)));
  });
  port.catch(() => undefined);
  child.stderr?.on('data', (part: Buffer) => {
    stderr += part.toString();
  });
  const ended = once(child, 'close').then(([code, signal]) => ({
    code: code as number | null,
    signal: signal as NodeJS.Signals | null,
  }));
  return {
    process: child,
    output: () => ({ stdout, stderr }),
    port,
    ended,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
