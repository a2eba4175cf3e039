import type { Alert } from '@orrery/collector/api';
import type { Check } from '../check/check.js';
import { type AlertMemory, calm, type Observed } from './machine.js';

/** Unix nanoseconds as text, of milliseconds. */
export function nanoText(ms: number): string {
  return `${Math.trunc(ms)}000000`;
}

/** Milliseconds of nanoseconds as text. */
export function millis(nano: string): number {
  return Number(BigInt(nano) / 1_000_000n);
}

/** The machine's memory as the collector keeps it. */
export function memoryOf(alert: Alert): AlertMemory {
  const orNull = (nano: string | null) => (nano === null ? null : millis(nano));
  return {
    state: alert.state,
    since: millis(alert.since),
    pendingSince: orNull(alert.pending_since),
    firedAt: orNull(alert.fired_at),
    resolvedAt: orNull(alert.resolved_at),
    streak: alert.streak,
    streakOf: alert.streak_of === 'cannot_run' ? null : (alert.streak_of as Observed | null),
    streakSince: orNull(alert.streak_since),
    episode: alert.episode,
  };
}

/** Puts a memory into the record of its alert. */
export function withMemory(alert: Alert, memory: AlertMemory): Alert {
  const orNull = (ms: number | null) => (ms === null ? null : nanoText(ms));
  return {
    ...alert,
    state: memory.state,
    since: nanoText(memory.since),
    pending_since: orNull(memory.pendingSince),
    fired_at: orNull(memory.firedAt),
    resolved_at: orNull(memory.resolvedAt),
    streak: memory.streak,
    streak_of: memory.streakOf,
    streak_since: orNull(memory.streakSince),
    episode: memory.episode,
  };
}

/** The record of an alert that was never written: `version` 0 asks the collector to create it. */
export function newAlert(check: Pick<Check, 'name' | 'title' | 'severity' | 'owner' | 'runbook'>, at: number): Alert {
  return withMemory(
    {
      id: check.name,
      check: check.name,
      title: check.title,
      severity: check.severity,
      state: 'resolved',
      since: nanoText(at),
      pending_since: null,
      fired_at: null,
      resolved_at: null,
      sentence: '',
      affected: '',
      evidence: [],
      owner: check.owner,
      runbook: check.runbook,
      acknowledged_by: null,
      acknowledged_at: null,
      notifications: [],
      streak: 0,
      streak_of: null,
      streak_since: null,
      episode: 0,
      version: 0,
    },
    calm(at),
  );
}
