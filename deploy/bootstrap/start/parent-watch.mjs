import { readFileSync } from 'node:fs';

/**
 * Calls `lost` when the npm that started this process has ended without saying so (killed by force, its terminal
 * closed). Whoever was started directly, by a shell say, may live on without it.
 * @param {() => void} lost
 */
export function watchParent(lost) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const npm = findNpm(process.ppid) ?? process.ppid;
  const timer = setInterval(() => {
    if (isAlive(npm)) return;
    clearInterval(timer);
    lost();
  }, 500);
  timer.unref();
}

/**
 * npm's process: the parent, or with a shell between its parent. Undefined where `/proc` does not tell.
 * @param {number} pid
 * @param {number} [levels]
 * @returns {number | undefined}
 */
function findNpm(pid, levels = 3) {
  if (levels === 0 || pid <= 1) return undefined;
  try {
    if (/^(npm|pnpm)\b|[/\\](npm|pnpm)(-cli)?\.c?js/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))) return pid;
    // The name of the command stands in parentheses and may hold anything; the parent is the second field after it.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ');
    return findNpm(Number(fields?.[1]), levels - 1);
  } catch {
    return undefined;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}
