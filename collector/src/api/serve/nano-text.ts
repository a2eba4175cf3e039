/** Unix milliseconds as the contract writes instants: nanoseconds in decimal text. */
export function nanoText(ms: number): string {
  return `${BigInt(Math.round(ms)) * 1_000_000n}`;
}
