import type { SagaAttempt } from '../../api/contract/index.js';
import type { SagaFact } from '../projection.js';
import type { SagaDefinition } from './definition.js';

const MOMENT_OUTCOME: Record<string, SagaFact['outcome']> = {
  'step.started': 'running',
  'step.succeeded': 'succeeded',
  'step.failed': 'failed',
  'step.compensating': 'running',
  'step.compensated': 'succeeded',
};

/** An attempt while it is folded, with the position among its step's attempts still open. */
export interface FoldedAttempt {
  step: string;
  kind: 'action' | 'compensation';
  stepIndex: number;
  attempt: number;
  service: string;
  startNano: bigint;
  endNano: bigint | null;
  outcome: 'succeeded' | 'failed' | 'skipped' | 'running';
  failureKind: 'business' | 'technical' | null;
  message: string;
  traceId: string;
  spanId: string;
  compensates: string | null;
}

/**
 * Attempts of every step, oldest first. A span tells a whole attempt; where only moments were told (a log event
 * `saga.step.started`, later `…succeeded`), the moments of one step and attempt make one. Moments inside a span that
 * tells the same attempt add nothing.
 */
export function foldAttempts(facts: SagaFact[], definition: SagaDefinition | null): FoldedAttempt[] {
  const spans = facts.filter((fact) => fact.event === 'step').map((fact) => fromSpan(fact));
  const told = new Set(spans.map((attempt) => keyOf(attempt)));
  const attempts = [...spans, ...fromMoments(facts, told)];
  attempts.sort((a, b) => (a.startNano < b.startNano ? -1 : a.startNano > b.startNano ? 1 : 0));
  const actions = new Set(attempts.filter((a) => a.kind === 'action').map((a) => a.step));
  const seen = new Map<string, number>();
  for (const attempt of attempts) {
    const step = `${attempt.kind} ${attempt.step}`;
    const number = Math.max(attempt.attempt, (seen.get(step) ?? 0) + 1);
    seen.set(step, number);
    attempt.attempt = number;
    if (attempt.kind === 'compensation') attempt.compensates = undoneStep(attempt.step, actions, definition);
  }
  return attempts;
}

function keyOf(attempt: { kind: string; step: string; attempt: number }): string {
  return `${attempt.kind} ${attempt.step} ${Math.max(1, attempt.attempt)}`;
}

function fromSpan(fact: SagaFact): FoldedAttempt {
  const running = fact.outcome === 'running';
  return {
    step: fact.step,
    kind: fact.stepKind,
    stepIndex: fact.stepIndex,
    attempt: fact.attempt,
    service: fact.service,
    startNano: fact.timeNano,
    endNano: running ? null : fact.endNano,
    outcome: fact.outcome === '' ? 'succeeded' : fact.outcome,
    failureKind: fact.failureKind || null,
    message: fact.message,
    traceId: fact.traceId,
    spanId: fact.spanId,
    compensates: null,
  };
}

function fromMoments(facts: SagaFact[], told: Set<string>): FoldedAttempt[] {
  const attempts = new Map<string, FoldedAttempt>();
  for (const fact of facts) {
    const said = MOMENT_OUTCOME[fact.event];
    if (!said || !fact.step) continue;
    const outcome = fact.outcome === 'skipped' ? 'skipped' : said;
    const kind = fact.event.startsWith('step.compensat') ? 'compensation' : fact.stepKind;
    const key = keyOf({ kind, step: fact.step, attempt: fact.attempt });
    if (told.has(key)) continue;
    const attempt = attempts.get(key);
    if (!attempt) {
      attempts.set(key, { ...fromSpan(fact), kind, outcome, endNano: outcome === 'running' ? null : fact.timeNano });
      continue;
    }
    if (fact.timeNano < attempt.startNano) attempt.startNano = fact.timeNano;
    if (outcome !== 'running') {
      attempt.outcome = outcome;
      attempt.endNano = fact.timeNano;
      attempt.failureKind = fact.failureKind || attempt.failureKind;
      attempt.message = fact.message || attempt.message;
    }
  }
  return [...attempts.values()];
}

/** A compensation names what it undoes in the definition, or carries the name of the step itself. */
function undoneStep(step: string, actions: Set<string>, definition: SagaDefinition | null): string | null {
  const defined = definition?.steps.find((d) => d.kind === 'compensation' && d.name === step)?.compensates;
  if (defined) return defined;
  return actions.has(step) ? step : null;
}

export function attemptAnswer(attempt: FoldedAttempt): SagaAttempt {
  return {
    step: attempt.step,
    kind: attempt.kind,
    attempt: attempt.attempt,
    service: attempt.service,
    start: attempt.startNano.toString(),
    end: attempt.endNano?.toString() ?? null,
    outcome: attempt.outcome,
    failure_kind: attempt.failureKind,
    message: attempt.message,
    trace_id: attempt.traceId,
    span_id: attempt.spanId,
    compensates: attempt.compensates,
  };
}
