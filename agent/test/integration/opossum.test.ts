import { afterEach, beforeEach, expect, it } from 'vitest';
import { type OtlpSink, startSink } from '../sink/otlp-sink.js';
import { runApp } from '../sink/run-app.js';

let sink: OtlpSink;
beforeEach(async () => {
  sink = await startSink();
});
afterEach(() => sink.close());

const transitions = () =>
  sink.logs
    .filter(({ eventName }) => eventName === 'circuit_breaker.state_change')
    .map(({ attributes }) =>
      [attributes['circuit_breaker.previous_state'] as string, attributes['circuit_breaker.state'] as string].join('→'),
    );

it('tells each guarded call with the state it met and how it ended, and every change of state', async () => {
  const running = runApp('breaker.cjs', { collector: sink.url, env: { OTEL_METRIC_EXPORT_INTERVAL: '100' } });
  const address = `http://127.0.0.1:${await running.port}`;
  const ask = async (path: string): Promise<string> => (await fetch(address + path)).text();
  expect(await ask('/ok')).toBe('fine');
  await ask('/fail');
  await ask('/fail');
  expect(await ask('/ok')).toBe('EOPENBREAKER');
  await sink.until(() => transitions().includes('open→half_open'), 'half-open breaker');
  expect(await ask('/ok')).toBe('fine');
  await sink.until(() => transitions().length === 3, 'closed breaker');
  await running.stop();

  expect(transitions()).toEqual(['closed→open', 'open→half_open', 'half_open→closed']);
  const calls = sink.spans.filter(({ name }) => name === 'circuit_breaker lab').map(({ attributes }) => attributes);
  expect(calls.map((a) => [a['circuit_breaker.state'], a['circuit_breaker.outcome'], a['error.type']])).toEqual([
    ['closed', 'success', undefined],
    ['closed', 'failure', 'ECONNREFUSED'],
    ['closed', 'failure', 'ECONNREFUSED'],
    ['open', 'rejected', 'EOPENBREAKER'],
    ['half_open', 'success', undefined],
  ]);
  const executions = sink.metrics.findLast(({ name }) => name === 'circuit_breaker.execution.count');
  expect(
    Object.fromEntries(executions?.points.map((p) => [p.attributes['circuit_breaker.outcome'], p.value]) ?? []),
  ).toEqual({
    success: 2,
    failure: 2,
    rejected: 1,
  });
});

it('restates a closed breaker that nobody calls', async () => {
  const running = runApp('breaker.cjs', { collector: sink.url, env: { OTEL_METRIC_EXPORT_INTERVAL: '100' } });
  await running.port;
  await sink.until(() => sink.metrics.some(({ name }) => name === 'circuit_breaker.status'), 'status of the breaker');
  await running.stop();
  const status = sink.metrics.find(({ name }) => name === 'circuit_breaker.status');
  expect(status?.points.filter(({ value }) => value === 1).map(({ attributes }) => attributes)).toEqual([
    { 'circuit_breaker.name': 'lab', 'circuit_breaker.state': 'closed', 'circuit_breaker.library': 'opossum' },
  ]);
});
