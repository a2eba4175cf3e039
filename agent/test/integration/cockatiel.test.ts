import { expect, it } from 'vitest';
import { startSink } from '../sink/otlp-sink.js';
import { runApp } from '../sink/run-app.js';

it('gives a call that waits for a probe of a half-open breaker one span', async () => {
  const sink = await startSink();
  const running = runApp('probe.cjs', { collector: sink.url, programArguments: ['cockatiel-3'] });
  expect((await running.ended).code).toBe(0);
  await sink.close();
  expect(running.output()).toEqual({ stdout: 'fine,fine,fine\n', stderr: '' });
  const calls = sink.spans.filter(({ name }) => name === 'circuit_breaker ward');
  const stateAndOutcome = calls.map(({ attributes: a }) => [a['circuit_breaker.state'], a['circuit_breaker.outcome']]);
  expect(stateAndOutcome.sort()).toEqual([
    ['closed', 'failure'],
    ['closed', 'success'],
    ['half_open', 'success'],
    ['half_open', 'success'],
    ['half_open', 'success'],
  ]);
  const executions = sink.metrics.findLast(({ name }) => name === 'circuit_breaker.execution.count');
  const counted = executions?.points.map(({ attributes, value }) => [attributes['circuit_breaker.outcome'], value]);
  expect(Object.fromEntries(counted ?? [])).toEqual({ failure: 1, success: 4 });
});
