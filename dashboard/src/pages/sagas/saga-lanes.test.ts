import type { SagaAttempt, SagaDetail } from '@orrery/collector/api';
import { expect, test } from 'vitest';
import { sagaTimeline } from './saga-lanes.js';

const attempt = (
  step: string,
  service: string,
  start: number,
  end: number | null,
  more: Partial<SagaAttempt> = {},
): SagaAttempt => ({
  step,
  service,
  kind: 'action',
  attempt: 1,
  start: `${start}000000`,
  end: end === null ? null : `${end}000000`,
  outcome: 'succeeded',
  failure_kind: null,
  message: '',
  trace_id: '',
  span_id: '',
  compensates: null,
  ...more,
});
const detail = (attempts: SagaAttempt[]): SagaDetail =>
  ({
    attempts,
    transitions: [],
    trace_ids: [],
    definition: null,
    summary: { started: '1000000000000', updated: '1000000000000', ended: null, deadline: null },
  }) as unknown as SagaDetail;
const t = 1_000_000;

test('puts attempts in lanes per service and overlapping ones under one another', () => {
  const { lanes } = sagaTimeline(
    detail([attempt('a', 'x', t, t + 10), attempt('b', 'x', t + 5, t + 20), attempt('c', 'y', t, t + 3)]),
    t,
    0,
  );
  expect(lanes.map((lane) => [lane.service, lane.lines])).toEqual([
    ['x', 2],
    ['y', 1],
  ]);
});

test('writes no text over the next bar: one that needs more room lies under it', () => {
  const attempts = [attempt('charge deposit', 'x', t, t + 10), attempt('print slip', 'x', t + 50, t + 100)];
  const linesAt = (pixels: number) => sagaTimeline(detail(attempts), t, pixels).lanes[0]?.lines;
  expect([linesAt(1000), linesAt(200)]).toEqual([1, 2]);
});

test('draws a compensation back to the successful attempt of the step it undoes, and only its last attempt', () => {
  const { pairs } = sagaTimeline(
    detail([
      attempt('pay', 'x', t, t + 1, { outcome: 'failed' }),
      attempt('pay', 'x', t + 2, t + 3, { attempt: 2 }),
      attempt('refund', 'x', t + 5, t + 6, { kind: 'compensation', compensates: 'pay', outcome: 'failed' }),
      attempt('refund', 'x', t + 7, t + 8, { kind: 'compensation', compensates: 'pay', attempt: 2 }),
    ]),
    t,
    0,
  );
  expect(pairs).toHaveLength(1);
  expect(pairs[0]?.done.attempt.attempt).toBe(2);
  expect(pairs[0]?.undo.attempt.attempt).toBe(2);
  expect(pairs[0]?.undone).toBe(true);
});

test('lets what still runs reach until now', () => {
  expect(sagaTimeline(detail([attempt('a', 'x', t, null)]), t + 500, 0).toMs).toBe(t + 500);
});
