import type { Context, Span } from '@opentelemetry/api';

/** What a guarded call reached: as edges of the map name it. */
export interface Target {
  readonly address: string;
  readonly port: number;
}

/**
 * The work of one guarded call. It travels in the context, so that what happens inside (a client call, an event told to
 * the policy as a whole) finds its way back to the call it belongs to.
 */
export interface GuardedWork {
  /** Where the last call inside went. */
  target?: Target;
  /** How it ended, where the library says so by an event. */
  outcome?: string;
  /** A time limit around it has passed: what is aborted inside from now on timed out. */
  timedOut?: boolean;
  /** Which repetition it is; 0 for the first try, absent outside of a retry. */
  readonly attempt?: number;
  /** The guarded call around this one. */
  readonly outer?: GuardedWork;
}

const GUARDED = Symbol('orrery.guarded');

export function withGuardedWork(context: Context, work: GuardedWork): Context {
  return context.setValue(GUARDED, work);
}

export function guardedWorkOf(context: Context): GuardedWork | undefined {
  return context.getValue(GUARDED) as GuardedWork | undefined;
}

/**
 * Client instrumentations tell here where a call in `context` goes: everything that guards it learns what it protects, and
 * a repetition is marked as one (`http.request.resend_count`).
 */
export function noteClientCall(context: Context, span: Span, target: Target): void {
  let resends: number | undefined;
  for (let work = guardedWorkOf(context); work !== undefined; work = work.outer) {
    work.target = target;
    resends ??= work.attempt;
  }
  if (resends !== undefined && resends > 0) span.setAttribute('http.request.resend_count', resends);
}

/** Whether a time limit around work in `context` has passed; then an abort is a time-out. */
export function hasTimedOut(context: Context): boolean {
  for (let work = guardedWorkOf(context); work !== undefined; work = work.outer) if (work.timedOut) return true;
  return false;
}
