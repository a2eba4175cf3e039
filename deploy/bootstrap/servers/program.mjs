import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CannotError } from '../cannot.mjs';
import { lastLines } from '../command.mjs';
import { endGroup, guardGroup } from '../process-group.mjs';
import { handOver, serverIdentity } from '../reachable-folder.mjs';

const readyWithinMs = 120_000;

/**
 * A folder that a server may have all of, reachable for an unprivileged one; `stop` of the server removes it.
 * @param {string} name of the server
 */
export function temporaryFolder(name) {
  const folder = mkdtempSync(join('/var/tmp', `orrery-${name}-`));
  handOver(folder);
  return folder;
}

/**
 * Starts a server in a process group of its own, under an unprivileged identity where this process is root, and resolves
 * when its port accepts connections. It is ended with this process, however that dies.
 * @param {{ name: string, folder: string, command: string, args: string[], port: number, env?: Record<string, string>, isReady?: () => Promise<boolean> }} program
 *   `folder`: working directory, removed when it has ended; `isReady`: asked once the port is open
 * @returns {Promise<{ port: number, stop: () => Promise<void> }>}
 */
export async function startProgram({ name, folder, command, args, port, env = {}, isReady }) {
  const outputPath = join(folder, 'output.log');
  const output = openSync(outputPath, 'w');
  const child = spawn(command, args, {
    cwd: folder,
    env: { PATH: `${process.env.PATH ?? ''}:/usr/sbin:/usr/bin`, LANG: 'C.UTF-8', HOME: folder, ...env },
    ...serverIdentity(),
    stdio: ['ignore', output, output],
    detached: true,
  });
  closeSync(output);
  let ended = false;
  child.once('exit', () => {
    ended = true;
  });
  child.once('error', () => {
    ended = true;
  });
  const pid = child.pid;
  if (pid === undefined) throw new CannotError(`${name} could not be started: there is no ${command}.`);
  child.unref();
  const callOffGuard = guardGroup(pid);
  const stop = async () => {
    await endGroup(pid, 10_000);
    callOffGuard();
    rmSync(folder, { recursive: true, force: true });
  };
  const deadline = Date.now() + readyWithinMs;
  while (!((await accepts(port)) && (isReady === undefined || (await isReady())))) {
    if (!ended && Date.now() < deadline) {
      await delay(50);
      continue;
    }
    const words = lastLines(readFileSync(outputPath, 'utf8'));
    await stop();
    throw new CannotError(`${name} did not become ready on port ${port}; its last words were:\n${words}`);
  }
  return { port, stop };
}

/** @param {number} port */
function accepts(port) {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
