import { Cron } from 'croner';
import type { Check } from '../check/check.js';

type Scheduled = Pick<Check, 'every' | 'cron' | 'timezone'>;

/**
 * When a check is to start next, in Unix milliseconds. `every` keeps its own beat from its first start (spread at
 * random over the interval, at most 10 s), so that checks do not all ask at the same moment; starts that were missed
 * are not made up for.
 */
export function nextStart(check: Scheduled, previous: number | null, now: number, random: () => number): number | null {
  if (check.every !== undefined) {
    if (previous === null) return now + Math.round(random() * Math.min(check.every, 10_000));
    const missed = Math.max(1, Math.ceil((now - previous) / check.every));
    return previous + missed * check.every;
  }
  const cron = new Cron(check.cron ?? '', { paused: true, ...(check.timezone ? { timezone: check.timezone } : {}) });
  return cron.nextRun(new Date(Math.max(now, (previous ?? 0) + 1)))?.getTime() ?? null;
}
