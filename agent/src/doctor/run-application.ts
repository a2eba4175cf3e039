import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { DOCTOR_FD, type LedgerEntry } from './ledger.js';

const DESCRIPTOR = 3;
const GRACE_MS = 3000;

export interface ApplicationRun {
  readonly entries: readonly LedgerEntry[];
  /** How it ended by itself; `null` when it was still running and the doctor ended it. */
  readonly ended: { readonly code: number | null; readonly signal: NodeJS.Signals | null } | null;
}

/** Runs `node <args>` with the agent preloaded for at most `seconds`, its output going where ours goes on stderr. */
export async function runApplication(
  register: string,
  args: readonly string[],
  seconds: number,
): Promise<ApplicationRun> {
  const child = spawn(process.execPath, ['--require', register, ...args], {
    env: { ...process.env, [DOCTOR_FD]: String(DESCRIPTOR) },
    // Standard output belongs to the report.
    stdio: ['inherit', 2, 2, 'pipe'],
  });
  const exit = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const entries: LedgerEntry[] = [];
  const read = (async () => {
    for await (const line of createInterface(child.stdio[DESCRIPTOR] as Readable)) {
      try {
        entries.push(JSON.parse(line) as LedgerEntry);
      } catch {
        // Whatever else found the descriptor open.
      }
    }
  })();
  let asked = false;
  const limit = setTimeout(() => {
    asked = true;
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), GRACE_MS).unref();
  }, seconds * 1000);
  const [code, signal] = await exit;
  clearTimeout(limit);
  // A grandchild may hold the descriptor open.
  child.stdio[DESCRIPTOR]?.destroy();
  await read.catch(() => undefined);
  return { entries, ended: asked ? null : { code, signal } };
}
