import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { CannotError } from './cannot.mjs';
import { lastLines } from './command.mjs';
import { guardGroup } from './process-group.mjs';
import { serverIdentity } from './reachable-folder.mjs';

/**
 * Starts a server in a process group of its own, under an unprivileged identity where this process is root. What it
 * prints goes to a file.
 * @param {{ name: string, command: string, args: string[], cwd: string, env: NodeJS.ProcessEnv, outputPath: string, outlive?: boolean }} server
 *   `outlive`: it lives on when this process ends; otherwise it is ended with it, however that dies
 */
export function startServerProcess({ name, command, args, cwd, env, outputPath, outlive = false }) {
  const output = openSync(outputPath, 'w');
  // What a launcher starts is the server too: only the whole group is.
  const child = spawn(command, args, {
    cwd,
    env,
    ...serverIdentity(),
    stdio: ['ignore', output, output],
    detached: true,
  });
  closeSync(output);
  let ended = false;
  for (const end of ['exit', 'error'])
    child.once(end, () => {
      ended = true;
    });
  const { pid } = child;
  if (pid === undefined) throw new CannotError(`${name} could not be started: there is no ${command}.`);
  child.unref();
  const callOffGuard = outlive ? () => {} : guardGroup(pid);

  /**
   * Resolves once the server answers; one that ends, or takes too long, is stopped.
   * @param {{ isReady: () => Promise<boolean>, at: string, withinMs: number, everyMs: number, stop: () => Promise<void> }} wait
   */
  const untilReady = async ({ isReady, at, withinMs, everyMs, stop }) => {
    const deadline = Date.now() + withinMs;
    while (!(await isReady())) {
      if (!ended && Date.now() < deadline) {
        await delay(everyMs);
        continue;
      }
      const words = lastLines(readFileSync(outputPath, 'utf8'));
      await stop();
      throw new CannotError(`${name} did not become ready on ${at}; its last words were:\n${words}`);
    }
  };
  return { pid, callOffGuard, untilReady };
}
