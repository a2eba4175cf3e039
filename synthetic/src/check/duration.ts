import { z } from 'zod';

const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A stretch of time in a user's file: `500ms`, `30s`, `5m`, `2h`, `1d`. Becomes milliseconds. */
export const Duration = z
  .string()
  .regex(/^\d+(\.\d+)?(ms|s|m|h|d)$/, 'is a duration such as 500ms, 30s, 5m, 2h or 1d')
  .transform(parseDuration);

/** Milliseconds of a text that {@link Duration} accepts. */
export function parseDuration(text: string): number {
  const unit = /[a-z]+$/.exec(text)?.[0] as keyof typeof units;
  return Math.round(Number.parseFloat(text) * units[unit]);
}

/** As people say it: `850 ms`, `1.2 s`, `3 min`, `2 h 5 min`. */
export function durationText(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${Number((milliseconds / 1000).toFixed(1))} s`;
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes < 60) {
    const seconds = Math.round((milliseconds % 60_000) / 1000);
    return seconds === 0 || minutes >= 5 ? `${minutes} min` : `${minutes} min ${seconds} s`;
  }
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d`;
}
