/** How long to wait before try number `attempt + 1`, in milliseconds: doubling from `first` to `most`, less up to a fifth. */
export function backoff(attempt: number, first = 1000, most = 60_000): number {
  const full = Math.min(most, first * 2 ** Math.min(20, Math.max(0, attempt - 1)));
  return Math.round(full * (1 - Math.random() * 0.2));
}
