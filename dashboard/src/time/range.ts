/** A range as the address holds it: ISO 8601, Unix milliseconds, or relative to now. */
export interface TimeRange {
  from: string;
  to: string;
}

export const defaultRange: TimeRange = { from: 'now-15m', to: 'now' };

const unitMs: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** Ranges offered by name. */
export const presets: readonly { from: string; label: string }[] = [
  { from: 'now-5m', label: 'Last 5 minutes' },
  { from: 'now-15m', label: 'Last 15 minutes' },
  { from: 'now-30m', label: 'Last 30 minutes' },
  { from: 'now-1h', label: 'Last hour' },
  { from: 'now-3h', label: 'Last 3 hours' },
  { from: 'now-12h', label: 'Last 12 hours' },
  { from: 'now-24h', label: 'Last 24 hours' },
  { from: 'now-7d', label: 'Last 7 days' },
];

/** The instant in Unix milliseconds, or null when the text is none. */
export function resolveInstant(text: string, nowMs: number): number | null {
  if (text === 'now') return nowMs;
  const relative = /^now-(\d+)([smhdw])$/.exec(text);
  if (relative) return nowMs - Number(relative[1]) * (unitMs[relative[2] ?? ''] ?? 0);
  if (/^\d{10,}$/.test(text)) return Number(text);
  const parsed = Date.parse(text);
  return Number.isNaN(parsed) ? null : parsed;
}

/** Bounds in milliseconds; a range that makes no sense becomes the default one. */
export function resolveRange(range: TimeRange, nowMs: number): { fromMs: number; toMs: number } {
  const fromMs = resolveInstant(range.from, nowMs);
  const toMs = resolveInstant(range.to, nowMs);
  if (fromMs === null || toMs === null || fromMs >= toMs) return resolveRange(defaultRange, nowMs);
  return { fromMs, toMs };
}

/** Only a range that ends now moves. */
export function isMoving(range: TimeRange): boolean {
  return range.to === 'now';
}

/** How often a live page asks again: often for a short range, seldom for a long one. */
export function refreshInterval(range: TimeRange): number {
  const { fromMs, toMs } = resolveRange(range, Date.now());
  const span = toMs - fromMs;
  if (span <= 3_600_000) return 5_000;
  return span <= 12 * 3_600_000 ? 15_000 : 60_000;
}

/** The range of equal length before this one, or twice as long around it. */
export function widen(range: TimeRange, nowMs: number): TimeRange {
  const { fromMs, toMs } = resolveRange(range, nowMs);
  const half = (toMs - fromMs) / 2;
  if (isMoving(range)) {
    const next = presets.find(
      (preset) => nowMs - (resolveInstant(preset.from, nowMs) ?? nowMs) > (toMs - fromMs) * 1.01,
    );
    return { from: next?.from ?? 'now-7d', to: 'now' };
  }
  return { from: String(Math.round(fromMs - half)), to: String(Math.round(Math.min(nowMs, toMs + half))) };
}

/** Shifts by a whole length: -1 is before, 1 after. The result no longer moves. */
export function shift(range: TimeRange, direction: -1 | 1, nowMs: number): TimeRange {
  const { fromMs, toMs } = resolveRange(range, nowMs);
  const by = (toMs - fromMs) * direction;
  return { from: String(Math.round(fromMs + by)), to: String(Math.round(toMs + by)) };
}
