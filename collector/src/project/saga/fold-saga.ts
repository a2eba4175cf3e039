import type { SagaDetail, SagaState, SagaStep, SagaSummary } from '../../api/contract/index.js';
import type { SagaFact } from '../projection.js';
import { type SagaDefinition, STUCK_AFTER_MS } from './definition.js';
import { attemptAnswer, type FoldedAttempt, foldAttempts } from './fold-attempts.js';
import { foldSteps } from './fold-steps.js';

/** Events of the saga itself, not of one of its steps. */
const TRANSITIONS = new Set(['started', 'awaiting_person', 'completed', 'compensated', 'failed']);

/**
 * The state of one saga from everything that was said about it. Facts may come in any order, twice, and late: the
 * answer is a function of the set. What depends on time (`stuck`) is measured against `nowMs`.
 * @param facts at least one; all of the same saga id
 * @param truncated whether there are more than these
 */
export function foldSaga(
  facts: SagaFact[],
  definition: SagaDefinition | null,
  nowMs: number,
  truncated = false,
): SagaDetail {
  const told = distinct(facts);
  const attempts = foldAttempts(told, definition);
  const steps = foldSteps(attempts, definition);
  const transitions = told.filter((fact) => TRANSITIONS.has(fact.event));
  const updated = told.reduce((latest, fact) => max(latest, max(fact.timeNano, fact.endNano)), 0n);
  const started = told.reduce((first, fact) => (fact.timeNano < first ? fact.timeNano : first), updated);
  const open = openSteps(steps, definition);
  const state = sagaState(attempts, steps, transitions, open, definition);
  const finished = !['running', 'compensating', 'awaiting_person'].includes(state);
  const expected = finished || state === 'awaiting_person' ? null : nextStep(state, steps, open, definition);
  const allowedMs = expected?.deadlineMs ?? definition?.stuckAfterMs ?? STUCK_AFTER_MS;
  const deadline = updated + BigInt(allowedMs) * 1_000_000n;
  const stuck = (state === 'running' || state === 'compensating') && deadline < BigInt(Math.round(nowMs)) * 1_000_000n;
  const failure = lastFailure(attempts, transitions);
  const summary: SagaSummary = {
    saga_id: told[0]?.sagaId ?? '',
    saga_name: definition?.name ?? firstText(told, 'sagaName'),
    saga_version: firstText(told, 'sagaVersion') || (definition?.version ?? ''),
    type: sagaType(told, definition),
    state,
    stuck,
    stuck_since: stuck ? deadline.toString() : null,
    started: started.toString(),
    updated: updated.toString(),
    ended: finished ? updated.toString() : null,
    duration_ms: Number((finished ? updated : max(updated, BigInt(Math.round(nowMs)) * 1_000_000n)) - started) / 1e6,
    steps,
    failure_kind: failure?.failureKind || null,
    failure_message: failure?.message ?? '',
    correlation_id: firstText(told, 'correlationId'),
    synthetic: told.some((fact) => fact.synthetic),
    next_step: expected?.name ?? null,
    deadline: expected ? deadline.toString() : null,
    not_undone:
      ['compensated', 'partially_compensated', 'failed'].includes(state) || (state === 'compensating' && stuck)
        ? open
        : [],
  };
  return {
    summary,
    attempts: attempts.map(attemptAnswer),
    transitions: transitions.map((fact) => ({
      time: fact.timeNano.toString(),
      event: fact.event,
      service: fact.service,
      message: fact.message,
    })),
    trace_ids: [...new Set(told.map((fact) => fact.traceId).filter((id) => id !== ''))],
    truncated,
    definition: definition && {
      file: definition.file,
      steps: definition.steps.map((step) => ({
        name: step.name,
        kind: step.kind,
        compensates: step.compensates,
        deadline_ms: step.deadlineMs,
        optional: step.optional,
      })),
    },
  };
}

/** The same fact told twice (a replayed batch, a retried export) is one fact. Oldest first. */
function distinct(facts: SagaFact[]): SagaFact[] {
  const byIdentity = new Map<string, SagaFact>();
  for (const fact of facts) {
    const identity = [
      fact.traceId,
      fact.spanId,
      fact.event,
      fact.step,
      fact.stepKind,
      fact.attempt,
      fact.sequence,
      fact.timeNano,
    ];
    byIdentity.set(identity.join(' '), fact);
  }
  return [...byIdentity.values()].toSorted((a, b) =>
    a.timeNano === b.timeNano ? a.sequence - b.sequence : a.timeNano < b.timeNano ? -1 : 1,
  );
}

/** Steps that are done and would have to be undone: those with a compensation, or every one where nobody says. */
function openSteps(steps: SagaStep[], definition: SagaDefinition | null): string[] {
  const undoable = definition?.steps.filter((step) => step.kind === 'compensation').map((step) => step.compensates);
  return steps
    .filter((step) => step.state === 'done' || step.state === 'undo_failed' || step.state === 'undoing')
    .filter((step) => !undoable?.length || undoable.includes(step.name))
    .map((step) => step.name);
}

function sagaState(
  attempts: FoldedAttempt[],
  steps: SagaStep[],
  transitions: SagaFact[],
  open: string[],
  definition: SagaDefinition | null,
): SagaState {
  const end = transitions.findLast((fact) => ['completed', 'compensated', 'failed'].includes(fact.event));
  const anyUndone = steps.some((step) => step.state === 'undone');
  if (end?.event === 'completed') return 'completed';
  if (end?.event === 'compensated') return open.length > 0 ? 'partially_compensated' : 'compensated';
  if (end?.event === 'failed') {
    if (anyUndone) return open.length > 0 ? 'partially_compensated' : 'compensated';
    return 'failed';
  }
  const done = new Set(steps.filter((step) => step.state === 'done').map((step) => step.name));
  const terminal = definition?.terminal;
  if (terminal?.failed.some((name) => done.has(name))) return 'failed';
  if (terminal?.completed.length && terminal.completed.every((name) => done.has(name))) return 'completed';
  const waiting = transitions.findLast((fact) => fact.event === 'awaiting_person');
  const movedOn = waiting && attempts.some((attempt) => attempt.startNano > waiting.timeNano);
  if (waiting && !movedOn) return 'awaiting_person';
  return attempts.some((attempt) => attempt.kind === 'compensation') ? 'compensating' : 'running';
}

function nextStep(
  state: SagaState,
  steps: SagaStep[],
  open: string[],
  definition: SagaDefinition | null,
): { name: string; deadlineMs: number | null } | null {
  if (state === 'compensating') {
    const target = open.at(-1);
    if (!target) return null;
    const undo = definition?.steps.find((step) => step.kind === 'compensation' && step.compensates === target);
    return { name: undo?.name ?? `undo ${target}`, deadlineMs: undo?.deadlineMs ?? null };
  }
  const running = steps.find((step) => step.state === 'running');
  const missing = definition?.steps.find(
    (step) =>
      step.kind === 'action' &&
      !step.optional &&
      ['not_reached', 'failed'].includes(steps.find((folded) => folded.name === step.name)?.state ?? 'not_reached'),
  );
  const name = running?.name ?? missing?.name;
  if (!name) return null;
  return { name, deadlineMs: definition?.steps.find((step) => step.name === name)?.deadlineMs ?? null };
}

function lastFailure(
  attempts: FoldedAttempt[],
  transitions: SagaFact[],
): { failureKind: 'business' | 'technical' | null | ''; message: string } | null {
  const step = attempts.findLast((attempt) => attempt.outcome === 'failed');
  const end = transitions.findLast((fact) => fact.event === 'failed');
  if (!step && !end) return null;
  return {
    failureKind: step?.failureKind || end?.failureKind || null,
    message: step?.message || end?.message || '',
  };
}

function sagaType(facts: SagaFact[], definition: SagaDefinition | null): SagaSummary['type'] {
  return facts.find((fact) => fact.type !== 'unknown')?.type ?? definition?.type ?? 'unknown';
}

function firstText(facts: SagaFact[], key: 'sagaName' | 'sagaVersion' | 'correlationId'): string {
  return facts.find((fact) => fact[key] !== '')?.[key] ?? '';
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
