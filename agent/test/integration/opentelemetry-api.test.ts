import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { observe } from '../sink/observed-run.js';

const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/otel/${name}`, import.meta.url));

it('is reached by every copy of the API in a process, old ones included, in one context', async () => {
  const run = await observe(fixture('api-copies.cjs'), ['ok'], {}, (seen) => seen.trace('ok').length === 4);
  const names = ['api-1.0', 'api-1.4', 'api-1.9', '@opentelemetry/api'];
  let parent = run.request('ok').spanId;
  for (const name of names) {
    const span = run.trace('ok').find((candidate) => candidate.name === name);
    expect(span).toMatchObject({ scope: name, parentSpanId: parent, attributes: { 'correlation.id': 'on-ok' } });
    parent = span?.spanId ?? '';
  }
  expect(run.stderr).toBe('');
});

it('takes the spans of instrumentations that the application registers itself, once', async () => {
  const run = await observe(fixture('own-instrumentation.cjs'), ['ok'], {}, (seen) => seen.trace('ok').length >= 3);
  expect(
    run
      .trace('ok')
      .map(({ name }) => name)
      .sort(),
  ).toEqual(['graphql.parse', 'graphql.validate', 'query']);
  expect(run.trace('ok').every(({ parentSpanId }) => parentSpanId === run.request('ok').spanId)).toBe(true);
  expect(run.stderr).toBe('');
});

it('stands back from an application that runs its own SDK, says so once, and correlates its log lines', async () => {
  const run = await observe(fixture('own-sdk.cjs'), ['ok'], {}, (seen) =>
    seen.logs.some(({ body }) => body === 'inside of mine'),
  );
  const mine = JSON.parse(run.answers['ok'] ?? '') as {
    traceId: string;
    spanId: string;
    spans: [string, string | undefined][];
    sent: Record<string, string>;
  };
  const inside = ['graphql.parse', 'graphql.validate', 'query'].map((name) => [name, mine.spanId]);
  expect(mine.spans.filter(([, parent]) => typeof parent === 'string').sort()).toEqual(inside.sort());
  expect(mine.spans.map(([name]) => name)).toContain('mine');
  expect(run.spans).toEqual([]);
  expect(mine.sent).not.toHaveProperty('baggage');
  expect(mine.sent).not.toHaveProperty('traceparent');
  expect(run.logs.find(({ body }) => body === 'inside of mine')).toMatchObject({
    traceId: mine.traceId,
    spanId: mine.spanId,
  });
  expect(run.stderr).toBe(
    'orrery: the application runs its own OpenTelemetry SDK, which keeps the spans; the agent adds log records and metrics only\n',
  );
});

it('leaves the logs API to an application that registers a provider of its own', async () => {
  const run = await observe(fixture('own-logs.cjs'), ['ok'], {}, (seen) => seen.spans.length === 1);
  expect(run.answers['ok']).toBe('["app: mine"]');
  expect(run.logs.filter(({ scope }) => scope === 'app')).toEqual([]);
  expect(run.stderr).toBe('');
});
