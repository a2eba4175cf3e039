import { setTimeout as delay } from 'node:timers/promises';

const FIRST_MS = 100;
const LONGEST_MS = 10_000;

/**
 * How long to wait before trying again: doubling, half of it at random so that collectors do not come back together,
 * and never less than the server asked for.
 */
export function retryDelayMs(attempt: number, retryAfterMs: number, random: () => number = Math.random): number {
  const whole = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 16));
  return Math.max(retryAfterMs, whole / 2 + (whole / 2) * random());
}

/** `Retry-After` in seconds or as a date; 0 when there is none. */
export function retryAfterMs(header: unknown, nowMs: number): number {
  if (typeof header !== 'string' || header === '') return 0;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const at = Date.parse(header);
  return Number.isNaN(at) ? 0 : Math.max(0, at - nowMs);
}

/** Resolves after the time, rejects with the signal's reason when that comes first. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await delay(ms, undefined, { signal }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw error;
  });
}
