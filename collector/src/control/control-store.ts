import type {
  Alert,
  AlertDetail,
  Check,
  CheckDefinition,
  CheckDetail,
  CheckRun,
  Silence,
  SilenceCreate,
} from '../api/contract/index.js';

/**
 * What the runner and people tell Orrery, as opposed to what telemetry says: checks and their runs, alerts, silences,
 * artifacts. It is the truth about alerts, so every write survives a crash before it resolves.
 * Times are Unix milliseconds of the caller's clock, so that a test can choose them.
 */
export interface ControlStore {
  /** By name. `history` of each holds its newest 60 runs. */
  checks(): Promise<{ checks: Check[]; runnerLastSeenMs: number | null }>;
  /** With its newest runs, newest first; null when there is none of this name. */
  check(name: string): Promise<CheckDetail | null>;
  /** Creates or replaces the definition; runs are kept. */
  putCheck(definition: CheckDefinition, nowMs: number): Promise<Check>;
  /** Forgets the check and its runs. False when there was none. */
  deleteCheck(name: string): Promise<boolean>;
  /**
   * Adds a run, once per `run_id`: a lost answer makes the runner send it again. Older runs beyond the bound go.
   * False when there is no such check.
   */
  addRun(run: CheckRun, nowMs: number): Promise<boolean>;

  /** Newest state first. */
  alerts(): Promise<Alert[]>;
  alert(id: string): Promise<AlertDetail | null>;
  /**
   * Stores the alert with `version` one higher, and the change of state in its history.
   * @throws ControlError `alert_conflict` when `version` is not the stored one (0 for an alert that is not there).
   */
  putAlert(alert: Alert): Promise<Alert>;
  /** Null when there is no such alert. */
  acknowledge(id: string, by: string, nowMs: number): Promise<Alert | null>;

  /** Those that have not ended, soonest end first. */
  silences(nowMs: number): Promise<Silence[]>;
  addSilence(silence: SilenceCreate, nowMs: number): Promise<Silence>;
  deleteSilence(id: string): Promise<boolean>;

  /** The id is a digest of the bytes, so the same bytes are kept once. The oldest go when the total is too large. */
  putArtifact(contentType: string, bytes: Uint8Array, nowMs: number): Promise<string>;
  artifact(id: string): Promise<{ contentType: string; bytes: Uint8Array } | null>;

  close(): Promise<void>;
}

export type ControlErrorCode =
  /** Somebody else wrote the alert in between: read it again. */
  | 'alert_conflict'
  /** The file was written by a newer version of Orrery. */
  | 'format_newer';

export class ControlError extends Error {
  readonly code: ControlErrorCode;
  readonly retryable = false;

  constructor(code: ControlErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = 'ControlError';
    this.code = code;
  }
}
