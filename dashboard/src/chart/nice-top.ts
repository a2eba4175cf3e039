/** The next 1, 2, 2.5, 5 × 10ⁿ at or above a value: the top of an axis. */
export function niceTop(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 2, 2.5, 5, 10].find((candidate) => candidate * power >= value * 0.9999) ?? 10;
  return factor * power;
}
