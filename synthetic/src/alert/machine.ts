import type { AlertState } from '@orrery/collector/api';
import type { AlertSettings } from '../check/check-fields.js';

/** What the machine knows of an alert between two verdicts. Times are Unix milliseconds. */
export interface AlertMemory {
  readonly state: AlertState;
  readonly since: number;
  readonly pendingSince: number | null;
  readonly firedAt: number | null;
  readonly resolvedAt: number | null;
  /** Verdicts of the kind `streakOf` in a row, and when the first of them came. */
  readonly streak: number;
  readonly streakOf: Observed | null;
  readonly streakSince: number | null;
  /** Grows when somebody is told anew: what is told and what takes it back carry the same number. */
  readonly episode: number;
}

/** `cannot_run` is not here: it says nothing about the system under test, so the machine is not fed with it. */
export type Observed = 'pass' | 'fail' | 'no_data';

/** What has to be told. `firing` may follow `no_data` in one episode; `resolved` ends it. */
export type Announcement = 'firing' | 'no_data' | 'resolved';

export interface Transition {
  readonly memory: AlertMemory;
  readonly announce: Announcement | null;
}

/** A check nobody has judged yet. */
export function calm(at: number): AlertMemory {
  return {
    state: 'resolved',
    since: at,
    pendingSince: null,
    firedAt: null,
    resolvedAt: null,
    streak: 0,
    streakOf: null,
    streakSince: null,
    episode: 0,
  };
}

/**
 * One verdict later. Pure, and it does not forget: a memory that was stored and read back goes on as if nothing had
 * happened. An episode is opened once (`firing` or `no_data`) and closed once (`resolved`); while it is open, silence
 * closes nothing.
 */
export function observe(before: AlertMemory, verdict: Observed, at: number, settings: AlertSettings): Transition {
  const memory = count(before, verdict, at);
  const lasted = at - (memory.streakSince ?? at);
  switch (memory.state) {
    case 'resolved':
      if (verdict === 'fail')
        return fireWhenSure({ ...memory, state: 'pending', since: at, pendingSince: at }, at, settings);
      return verdict === 'no_data' ? missWhenSure(memory, at, settings) : stay(memory);
    case 'pending':
      if (verdict === 'fail') return fireWhenSure(memory, at, settings);
      if (verdict === 'no_data') return missWhenSure(memory, at, settings);
      return stay({ ...memory, state: 'resolved', since: at, pendingSince: null });
    case 'firing':
      return verdict === 'pass' && memory.streak >= settings.pass_streak && lasted >= settings.recover_for
        ? resolve(memory, at)
        : stay(memory);
    case 'no_data':
      if (verdict === 'pass' && memory.streak >= settings.pass_streak && lasted >= settings.recover_for) {
        return resolve(memory, at);
      }
      if (verdict === 'fail' && memory.streak >= settings.fail_streak && lasted >= settings.for) {
        return told({ ...memory, state: 'firing', since: at, firedAt: at }, 'firing');
      }
      return stay(memory);
  }
}

/** The check is gone: whatever was told is taken back. */
export function retire(memory: AlertMemory, at: number): Transition {
  if (memory.state === 'firing' || memory.state === 'no_data') return resolve(memory, at);
  return stay({ ...memory, state: 'resolved', pendingSince: null });
}

function count(memory: AlertMemory, verdict: Observed, at: number): AlertMemory {
  return memory.streakOf === verdict
    ? { ...memory, streak: memory.streak + 1 }
    : { ...memory, streak: 1, streakOf: verdict, streakSince: at };
}

function fireWhenSure(memory: AlertMemory, at: number, settings: AlertSettings): Transition {
  const lasted = at - (memory.streakSince ?? at);
  if (memory.streak < settings.fail_streak || lasted < settings.for) return stay(memory);
  return told({ ...memory, state: 'firing', since: at, firedAt: at, episode: memory.episode + 1 }, 'firing');
}

function missWhenSure(memory: AlertMemory, at: number, settings: AlertSettings): Transition {
  if (memory.streak < settings.no_data_streak) return stay(memory);
  return told(
    { ...memory, state: 'no_data', since: at, pendingSince: null, firedAt: at, episode: memory.episode + 1 },
    'no_data',
  );
}

function resolve(memory: AlertMemory, at: number): Transition {
  return told({ ...memory, state: 'resolved', since: at, pendingSince: null, resolvedAt: at }, 'resolved');
}

function stay(memory: AlertMemory): Transition {
  return { memory, announce: null };
}

function told(memory: AlertMemory, announce: Announcement): Transition {
  return { memory, announce };
}
