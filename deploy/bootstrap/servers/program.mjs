import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { endGroup } from '../process-group.mjs';
import { handOver } from '../reachable-folder.mjs';
import { startServerProcess } from '../server-process.mjs';

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
  const { pid, callOffGuard, untilReady } = startServerProcess({
    name,
    command,
    args,
    cwd: folder,
    env: { PATH: `${process.env.PATH ?? ''}:/usr/sbin:/usr/bin`, LANG: 'C.UTF-8', HOME: folder, ...env },
    outputPath: join(folder, 'output.log'),
  });
  const stop = async () => {
    await endGroup(pid, 10_000);
    callOffGuard();
    rmSync(folder, { recursive: true, force: true });
  };
  await untilReady({
    isReady: async () => (await accepts(port)) && (isReady === undefined || (await isReady())),
    at: `port ${port}`,
    withinMs: readyWithinMs,
    everyMs: 50,
    stop,
  });
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
