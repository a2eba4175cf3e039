/** Milliseconds a caller still waits, on the server span (vocabulary, "Deadline"); negative when nobody waits any more. */
export const DEADLINE_REMAINING = 'deadline.remaining';

const LONGEST_MS = 86_400_000;

/**
 * What is left of `x-request-deadline`: milliseconds since 1970, or a date as in RFC 3339. `undefined` for anything else, and
 * for what is more than a day away: a clock or a unit is wrong then.
 * @param nowMs when the request came, in milliseconds since 1970
 */
export function remainingOf(header: string, nowMs: number): number | undefined {
  if (header.length > 40) return undefined;
  const at = /^\d{12,14}$/.test(header)
    ? Number(header)
    : /^\d{4}-\d\d-\d\dT/.test(header)
      ? Date.parse(header)
      : Number.NaN;
  const remaining = Math.round(at - nowMs);
  return Math.abs(remaining) <= LONGEST_MS ? remaining : undefined;
}
