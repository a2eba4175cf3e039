import { z } from 'zod';
import { AlertSeverity, Verdict } from './checks.js';
import { UnixNanoText } from './primitives.js';

export const AlertState = z.enum(['pending', 'firing', 'resolved', 'no_data']);
export type AlertState = z.infer<typeof AlertState>;

/** One attempt to tell somebody. Every one is kept: "why was (not) I told?" has an answer. */
export const Notification = z.object({
  id: z.string(),
  receiver: z.string(),
  kind: z.enum(['firing', 'resolved', 'reminder', 'no_data', 'acknowledged']),
  at: UnixNanoText,
  outcome: z.enum(['sent', 'failed', 'silenced', 'waiting']),
  attempts: z.number().int(),
  error: z.string().default(''),
});
export type Notification = z.infer<typeof Notification>;

export const Evidence = z.object({
  kind: z.enum(['trace', 'logs', 'saga', 'breaker', 'service', 'screenshot', 'query', 'runbook']),
  title: z.string(),
  /** Path within the dashboard, or an absolute address (runbook). */
  href: z.string(),
});
export type Evidence = z.infer<typeof Evidence>;

/** An alert as its machine last left it. `version` grows by one with every write; a write with an old one is refused. */
export const Alert = z.object({
  /** Stable per check and labels. */
  id: z.string().min(1).max(128),
  check: z.string(),
  title: z.string(),
  severity: AlertSeverity,
  state: AlertState,
  /** When the current state began. */
  since: UnixNanoText,
  pending_since: UnixNanoText.nullable(),
  fired_at: UnixNanoText.nullable(),
  resolved_at: UnixNanoText.nullable(),
  /** What, since when, how many are affected, where to look. */
  sentence: z.string().max(4096),
  affected: z.string().max(1024).default(''),
  evidence: z.array(Evidence).default([]),
  owner: z.string().default(''),
  runbook: z.string().default(''),
  acknowledged_by: z.string().nullable().default(null),
  acknowledged_at: UnixNanoText.nullable().default(null),
  notifications: z.array(Notification).default([]),
  /** Consecutive verdicts of one kind: the machine's memory against flapping. */
  streak: z.number().int().default(0),
  /** The kind that `streak` counts, and when its first one came. */
  streak_of: Verdict.nullable().default(null),
  streak_since: UnixNanoText.nullable().default(null),
  /** Episode: grows each time the alert fires anew, so that a page and its resolve carry the same key. */
  episode: z.number().int().default(0),
  version: z.number().int(),
});
export type Alert = z.infer<typeof Alert>;

/** `PUT /alerts/{id}`: `version` is the one that was read (0 to create). 409 `alert_conflict` when it is not current. */
export const AlertWrite = Alert;
export type AlertWrite = z.infer<typeof AlertWrite>;

export const AlertList = z.object({ alerts: z.array(Alert) });
export type AlertList = z.infer<typeof AlertList>;

export const AlertEvent = z.object({ time: UnixNanoText, state: AlertState, sentence: z.string() });

export const AlertDetail = z.object({ alert: Alert, history: z.array(AlertEvent) });
export type AlertDetail = z.infer<typeof AlertDetail>;

export const Acknowledge = z.object({ by: z.string().min(1).max(128), comment: z.string().max(1024).default('') });
export type Acknowledge = z.infer<typeof Acknowledge>;

/** Matches by check name (glob `*`). Silences notifications, never evaluation, never the resolve of a page already sent. */
export const Silence = z.object({
  id: z.string(),
  check: z.string().min(1).max(128),
  from: UnixNanoText,
  to: UnixNanoText,
  by: z.string().min(1).max(128),
  comment: z.string().max(1024).default(''),
});
export type Silence = z.infer<typeof Silence>;
export const SilenceCreate = z.object({
  check: z.string().min(1).max(128),
  duration_ms: z
    .number()
    .int()
    .min(60_000)
    .max(30 * 86_400_000),
  by: z.string().min(1).max(128),
  comment: z.string().max(1024).default(''),
});
export type SilenceCreate = z.infer<typeof SilenceCreate>;
export const SilenceList = z.object({ silences: z.array(Silence) });
export type SilenceList = z.infer<typeof SilenceList>;
