import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * A child started with `detached: true` leads a process group; what it starts belongs to the group too.
 * Everything here speaks to the whole group, so that no grandchild is left behind.
 */

/** @param {number} leader pid of the group's leader */
export function isGroupAlive(leader) {
  try {
    process.kill(-leader, 0);
    return true;
  } catch (error) {
    // EPERM: somebody is there, under another user id.
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/**
 * @param {number} leader
 * @param {NodeJS.Signals} signal
 */
export function signalGroup(leader, signal) {
  try {
    process.kill(-leader, signal);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') throw error;
  }
}

/**
 * Resolves to whether the group was gone within the time.
 * @param {number} leader
 * @param {number} withinMs
 */
export async function waitForGroupEnd(leader, withinMs) {
  const deadline = Date.now() + withinMs;
  while (isGroupAlive(leader)) {
    if (Date.now() > deadline) return false;
    await delay(25);
  }
  return true;
}

/**
 * Asks a group to end, and after `graceMs` ends it.
 * @param {number} leader
 * @param {number} graceMs
 */
export async function endGroup(leader, graceMs) {
  signalGroup(leader, 'SIGTERM');
  if (await waitForGroupEnd(leader, graceMs)) return;
  signalGroup(leader, 'SIGKILL');
  await waitForGroupEnd(leader, 5_000);
}

/**
 * Asks the leader alone to end, so that it can take its children down in its own order; then sees that all are gone.
 * @param {number} leader
 * @param {number} graceMs
 */
export async function endLeader(leader, graceMs) {
  const deadline = Date.now() + graceMs;
  try {
    process.kill(leader, 'SIGTERM');
    while (Date.now() < deadline) {
      process.kill(leader, 0);
      await delay(25);
    }
  } catch {
    // The leader is gone; its children may not be.
  }
  if (isGroupAlive(leader)) await endGroup(leader, 2_000);
}

/**
 * Ends the group when this process dies, however it dies: a shell waits at the other end of a pipe
 * that only the kernel closes. SIGTERM first, SIGKILL three seconds later.
 * @param {number} leader
 * @returns {() => void} calls the guard off; to be called once the group has ended, because pids are used again
 */
export function guardGroup(leader) {
  const script = 'cat >/dev/null; kill -s TERM -- "-$0" 2>/dev/null && sleep 3 && kill -s KILL -- "-$0" 2>/dev/null';
  const guard = spawn('/bin/sh', ['-c', script, String(leader)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guard.on('error', () => {});
  guard.unref();
  /** @type {import('node:net').Socket} */ (/** @type {unknown} */ (guard.stdin)).unref();
  return () => {
    if (guard.pid) signalGroup(guard.pid, 'SIGKILL');
  };
}
