import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SagaFact } from '../projection.js';
import type { SagaDefinition } from './definition.js';
import { foldSaga } from './fold-saga.js';

const T0 = 1_800_000_000_000;
const nano = (seconds: number): bigint => BigInt(T0 + seconds * 1000) * 1_000_000n;

function fact(event: string, at: number, more: Partial<SagaFact> = {}): SagaFact {
  return {
    sagaId: 'loan-7',
    sagaName: 'book loan',
    sagaVersion: '1',
    type: 'orchestration',
    event,
    step: '',
    stepKind: 'action',
    stepIndex: 0,
    attempt: 0,
    outcome: '',
    failureKind: '',
    message: '',
    timeNano: nano(at),
    endNano: nano(at + 0.5),
    sequence: Math.round(at * 10),
    service: 'lending',
    environment: '',
    traceId: 'a'.repeat(32),
    spanId: '',
    correlationId: 'r7',
    synthetic: false,
    ...more,
  };
}

const step = (name: string, at: number, more: Partial<SagaFact> = {}) =>
  fact('step', at, { step: name, outcome: 'succeeded', spanId: `${name}${at}`, ...more });

const definition: SagaDefinition = {
  file: 'loan.saga.yaml',
  name: 'book loan',
  version: '1',
  type: 'orchestration',
  correlation: '',
  steps: [
    {
      name: 'reserve copy',
      kind: 'action',
      compensates: null,
      optional: false,
      deadlineMs: 2000,
      match: null,
      on: 'spans',
    },
    {
      name: 'charge deposit',
      kind: 'action',
      compensates: null,
      optional: false,
      deadlineMs: 10_000,
      match: null,
      on: 'spans',
    },
    {
      name: 'hand out',
      kind: 'action',
      compensates: null,
      optional: false,
      deadlineMs: null,
      match: null,
      on: 'spans',
    },
    {
      name: 'release copy',
      kind: 'compensation',
      compensates: 'reserve copy',
      optional: false,
      deadlineMs: null,
      match: null,
      on: 'spans',
    },
    {
      name: 'refund deposit',
      kind: 'compensation',
      compensates: 'charge deposit',
      optional: false,
      deadlineMs: null,
      match: null,
      on: 'spans',
    },
  ],
  terminal: { completed: [], failed: [] },
  stuckAfterMs: 60_000,
};

const undo = (name: string, at: number, more: Partial<SagaFact> = {}) =>
  step(name, at, { stepKind: 'compensation', ...more });
const now = (seconds: number): number => T0 + seconds * 1000;

test('a running saga says which step comes next and by when', () => {
  const { summary } = foldSaga([fact('started', 0), step('reserve copy', 1)], definition, now(3));
  expect(summary).toMatchObject({ state: 'running', stuck: false, next_step: 'charge deposit' });
  expect(summary.deadline).toBe(nano(11.5).toString());
  expect(summary.steps.map((s) => s.state)).toEqual(['done', 'not_reached', 'not_reached']);
});

test('a saga that misses the deadline of its next step is stuck since then', () => {
  const { summary } = foldSaga([fact('started', 0), step('reserve copy', 1)], definition, now(20));
  expect(summary).toMatchObject({ stuck: true, stuck_since: nano(11.5).toString() });
});

test('a saga without a definition is stuck after a minute of silence', () => {
  expect(foldSaga([fact('started', 0)], null, now(50)).summary.stuck).toBe(false);
  expect(foldSaga([fact('started', 0)], null, now(70)).summary.stuck).toBe(true);
});

test('a step that failed and was undone backwards makes a compensated saga, each compensation paired with its step', () => {
  const { summary, attempts } = foldSaga(
    [
      fact('started', 0),
      step('reserve copy', 1),
      step('charge deposit', 2),
      step('hand out', 3, { outcome: 'failed', failureKind: 'business', message: 'member is barred' }),
      undo('refund deposit', 4),
      undo('release copy', 5),
      fact('compensated', 6),
    ],
    definition,
    now(600),
  );
  expect(summary).toMatchObject({ state: 'compensated', stuck: false, failure_kind: 'business', not_undone: [] });
  expect(summary.failure_message).toBe('member is barred');
  expect(summary.steps.map((s) => s.state)).toEqual(['undone', 'undone', 'failed']);
  expect(attempts.filter((a) => a.kind === 'compensation').map((a) => a.compensates)).toEqual([
    'charge deposit',
    'reserve copy',
  ]);
});

test('a compensation that failed leaves a partially compensated saga that names what was not undone', () => {
  const { summary } = foldSaga(
    [
      step('reserve copy', 1),
      step('charge deposit', 2),
      step('hand out', 3, { outcome: 'failed' }),
      undo('refund deposit', 4, { outcome: 'failed' }),
      undo('release copy', 5),
      fact('failed', 6),
    ],
    definition,
    now(10),
  );
  expect(summary).toMatchObject({ state: 'partially_compensated', not_undone: ['charge deposit'] });
});

test('a saga that awaits a person is not stuck, and runs again once somebody acted', () => {
  const facts = [step('reserve copy', 1), fact('awaiting_person', 2)];
  expect(foldSaga(facts, definition, now(9000)).summary).toMatchObject({ state: 'awaiting_person', stuck: false });
  expect(foldSaga([...facts, step('charge deposit', 30)], definition, now(31)).summary.state).toBe('running');
});

test('moments without spans make attempts with a beginning and an end', () => {
  const { attempts } = foldSaga(
    [
      fact('step.started', 1, { step: 'reserve copy', attempt: 1 }),
      fact('step.failed', 2, { step: 'reserve copy', attempt: 1, failureKind: 'technical' }),
      fact('step.started', 3, { step: 'reserve copy', attempt: 2 }),
    ],
    null,
    now(4),
  );
  expect(attempts.map((a) => [a.attempt, a.outcome, a.end === null])).toEqual([
    [1, 'failed', false],
    [2, 'running', true],
  ]);
});

test('a choreographed saga is completed when its terminal steps are done', () => {
  const choreography = { ...definition, terminal: { completed: ['reserve copy', 'hand out'], failed: [] } };
  expect(foldSaga([step('hand out', 3)], choreography, now(4)).summary.state).toBe('running');
  expect(foldSaga([step('hand out', 3), step('reserve copy', 1)], choreography, now(4)).summary.state).toBe(
    'completed',
  );
});

test('shuffled and repeated facts give the same state', () => {
  const facts = [
    fact('started', 0),
    step('reserve copy', 1, { attempt: 1, outcome: 'failed', failureKind: 'technical' }),
    step('reserve copy', 2, { attempt: 2 }),
    step('charge deposit', 3),
    step('hand out', 4, { outcome: 'failed', failureKind: 'business' }),
    undo('refund deposit', 5),
    undo('release copy', 6),
    fact('compensated', 7),
  ];
  const expected = foldSaga(facts, definition, now(60));
  fc.assert(
    fc.property(fc.shuffledSubarray(facts, { minLength: facts.length }), fc.subarray(facts), (shuffled, again) => {
      expect(foldSaga([...shuffled, ...again], definition, now(60))).toEqual(expected);
    }),
  );
});
