/** Last instant that `date_nanos` can hold. */
const LAST_NANO = 9_223_372_036_854_775_807n;
const MILLISECOND_DIGITS = 6;

/** Nanoseconds as the text that the mapping of `date_nanos` reads: milliseconds and a fraction. */
export function indexedTime(nano: bigint): string {
  const kept = nano > LAST_NANO ? LAST_NANO : nano < 0n ? 0n : nano;
  const digits = kept.toString().padStart(MILLISECOND_DIGITS + 1, '0');
  return `${digits.slice(0, -MILLISECOND_DIGITS)}.${digits.slice(-MILLISECOND_DIGITS)}`;
}
