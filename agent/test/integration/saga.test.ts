import { afterEach, beforeEach, expect, it } from 'vitest';
import { type OtlpSink, startSink } from '../sink/otlp-sink.js';
import { runApp } from '../sink/run-app.js';

let sink: OtlpSink;
beforeEach(async () => {
  sink = await startSink();
});
afterEach(() => sink.close());

const RESULTS = `${JSON.stringify(['copy 7', 'timed out', 'card expired'])}\n`;

it('does the work and records nothing where no agent runs', async () => {
  const running = runApp('saga.mjs');
  expect((await running.ended).code).toBe(0);
  expect(running.output()).toEqual({ stdout: RESULTS, stderr: '' });
});

it('tells a saga that is undone: each attempt a span, its outcome, the compensation and what it undoes', async () => {
  const running = runApp('saga.mjs', { collector: sink.url });
  expect((await running.ended).code).toBe(0);
  expect(running.output().stdout).toBe(RESULTS);

  const spans = sink.spans.filter(({ attributes }) => attributes['saga.id'] === 'loan-1');
  const steps = spans.filter(({ attributes }) => 'saga.step.name' in attributes);
  expect(
    steps.map(({ name, attributes, events }) => [
      name,
      attributes['saga.step.kind'],
      attributes['saga.step.attempt'],
      events.map((event) => [event.name, event.attributes['saga.step.failure.kind'] ?? '']),
    ]),
  ).toEqual([
    [
      'reserve copy',
      'action',
      1,
      [
        ['saga.step.started', ''],
        ['saga.step.succeeded', ''],
      ],
    ],
    [
      'check member',
      'action',
      1,
      [
        ['saga.step.started', ''],
        ['saga.step.failed', 'technical'],
      ],
    ],
    [
      'check member',
      'action',
      2,
      [
        ['saga.step.started', ''],
        ['saga.step.failed', 'business'],
      ],
    ],
    [
      'compensate reserve copy',
      'compensation',
      1,
      [
        ['saga.step.compensating', ''],
        ['saga.step.compensated', ''],
      ],
    ],
  ]);
  expect(steps[0]?.attributes).toMatchObject({ 'saga.name': 'lend-book', 'saga.version': '2', 'book.id': 'b1' });
  const moments = sink.spans.flatMap(({ events }) => events);
  const ended = moments.find(({ name }) => name === 'saga.compensated');
  expect(ended?.attributes).toMatchObject({ 'saga.id': 'loan-1', 'saga.message': 'card expired' });
  const order = moments.map(({ attributes }) => attributes['saga.event.sequence'] as number);
  expect(order.toSorted((a, b) => a - b)).toEqual(order.map((_, i) => i + 1));
});

it('goes on with a saga joined from stored data, whose step was answered later', async () => {
  const running = runApp('saga.mjs', { collector: sink.url });
  await running.ended;
  const moments = sink.spans
    .flatMap(({ events }) => events)
    .filter(({ attributes }) => attributes['saga.id'] === 'loan-2')
    .map(({ name, attributes }) => [name, attributes['saga.step.name'] ?? '', attributes['saga.step.outcome'] ?? '']);
  expect(moments).toEqual([
    ['saga.started', '', ''],
    ['saga.step.started', 'ship', ''],
    ['saga.step.succeeded', 'insure', 'skipped'],
    ['saga.awaiting_person', '', ''],
    ['saga.step.succeeded', 'ship', 'succeeded'],
    ['saga.completed', '', ''],
  ]);
  const shipped = sink.spans.find(({ name }) => name === 'ship');
  expect(shipped?.attributes['saga.step']).toBe('ship');
  expect(shipped?.attributes).not.toHaveProperty(['saga.step.name']);
});
