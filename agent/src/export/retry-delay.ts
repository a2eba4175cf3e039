const FIRST_MS = 1000;
const LARGEST_MS = 30_000;
/** A collector may ask for more patience than we would have, within reason. */
const LARGEST_ASKED_MS = 300_000;

/** How long to wait before attempt `attempt` (1 = the first repetition): exponential with full jitter, at least what the server asked. */
export function retryDelayMs(
  attempt: number,
  retryAfterMs: number | undefined,
  random: () => number = Math.random,
): number {
  const ceiling = Math.min(FIRST_MS * 2 ** (attempt - 1), LARGEST_MS);
  const own = ceiling / 2 + (random() * ceiling) / 2;
  return Math.max(own, Math.min(retryAfterMs ?? 0, LARGEST_ASKED_MS));
}

/** `Retry-After` of RFC 9110 10.2.3: seconds or a date; `undefined` when it is neither. */
export function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d+$/.test(header.trim())) return Number(header.trim()) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}
