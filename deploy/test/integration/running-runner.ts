import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const cli = fileURLToPath(new URL('../../../synthetic/dist/cli.js', import.meta.url));

/** The synthetic runner, on its schedule. */
export interface RunningRunner {
  /** What it has printed so far. */
  output(): string;
  /** Resolves when it is gone; a second time does nothing. */
  end(signal: NodeJS.Signals): Promise<void>;
}

export function startRunner(args: string[], env: Record<string, string> = {}): RunningRunner {
  const child = spawn(process.execPath, [cli, 'serve', ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exited = once(child, 'exit');
  return {
    output: () => output,
    async end(signal) {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      await exited;
    },
  };
}
