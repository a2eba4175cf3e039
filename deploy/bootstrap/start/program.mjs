import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { lastLines } from '../command.mjs';
import { endGroup, endLeader, guardGroup } from '../process-group.mjs';
import { rollingFile } from '../rolling-file.mjs';

const restartAfterMs = 1_000;
const mostRestarts = 5;
const restartWindowMs = 120_000;

/**
 * One of Orrery's programs: in a process group of its own, ended with this process however that ends,
 * started again when it ends by itself.
 * @param {{
 *   name: string,
 *   args: string[],
 *   env?: NodeJS.ProcessEnv,
 *   cwd: string,
 *   logFile: string,
 *   report: (line: string) => void,
 *   onLine?: (line: string) => void,
 * }} settings `args` of node; `onLine` gets what it prints, line by line
 */
export function startProgram({ name, args, env = process.env, cwd, logFile, report, onLine }) {
  const output = rollingFile(logFile);
  let stopping = false;
  /** @type {number[]} */
  let restarts = [];
  /** @type {number | undefined} */
  let leader;
  let callOffGuard = () => {};
  /** @type {(value: unknown) => void} */
  let giveUp = () => {};
  const gaveUp = new Promise((resolve) => {
    giveUp = resolve;
  });

  function start() {
    const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    leader = child.pid;
    callOffGuard = leader ? guardGroup(leader) : () => {};
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output.write(chunk);
        if (onLine) for (const line of String(chunk).split('\n')) if (line) onLine(line);
      });
    }
    child.once('exit', (code, signal) => {
      if (!stopping) void restart(signal ?? `code ${code}`);
    });
  }

  /** @param {string} how it ended */
  async function restart(how) {
    // What the leader had started must not stand in the way of its successor.
    if (leader) await endGroup(leader, 3_000);
    callOffGuard();
    leader = undefined;
    restarts = [...restarts.filter((time) => Date.now() - time < restartWindowMs), Date.now()];
    if (restarts.length > mostRestarts) {
      report(`${name} ends again and again (${how}); its last words stand in ${logFile}`);
      giveUp(undefined);
      return;
    }
    report(`${name} ended (${how}), starting it again`);
    await delay(restartAfterMs);
    if (!stopping) start();
  }

  start();
  return {
    name,
    /** Resolves when the program has ended too often to be started again. */
    gaveUp,
    lastWords: () => lastLines(readFileSync(logFile, 'utf8'), 12),
    async stop() {
      stopping = true;
      if (leader) await endLeader(leader, 15_000);
      callOffGuard();
    },
  };
}
