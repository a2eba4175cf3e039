import { afterEach, beforeEach, expect, it } from 'vitest';
import { type OtlpSink, startSink } from '../sink/otlp-sink.js';
import { runApp } from '../sink/run-app.js';

let sink: OtlpSink;
beforeEach(async () => {
  sink = await startSink();
});
afterEach(() => sink.close());

/** Runs one request through the application and answers what it wrote. */
async function linesOf(env: Record<string, string> = {}, collector: string | undefined = sink.url): Promise<string[]> {
  const running = runApp('loggers.cjs', { ...(collector === undefined ? {} : { collector }), env });
  await fetch(`http://127.0.0.1:${await running.port}/`, { headers: { 'x-correlation-id': 'r7' } });
  await running.stop();
  const { stdout, stderr } = running.output();
  return `${stdout}${stderr}`.split('\n').filter((line) => line !== '' && !line.startsWith('listening'));
}

it('puts the ids into every structured line and leaves plain text and the console byte for byte', async () => {
  const lines = await linesOf();
  const [span] = sink.spans.filter(({ kind }) => kind === 'server');
  const ids = { trace_id: span?.traceId, span_id: span?.spanId, correlation_id: 'r7' };
  const json = lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Record<string, unknown>);
  // Loggers write at their own pace: the order of their lines is not ours to promise.
  expect(
    json.map((line) => (line['msg'] ?? line['message']) as string).toSorted((left, right) => left.localeCompare(right)),
  ).toEqual(['by bunyan', 'by pino', 'by winston', 'pino error']);
  for (const line of json) expect(line).toMatchObject(ids);
  expect(lines).toContain('warn: by plain winston');
  expect(lines).toContain('by console { deep: 1 }');
  expect(lines).toContain('console error');
});

it('exports every line with severity, ids and attributes, after the application’s own redaction', async () => {
  await linesOf();
  const [span] = sink.spans.filter(({ kind }) => kind === 'server');
  const ours = sink.logs.filter(({ body }) => !JSON.stringify(body).startsWith('"listening'));
  expect(ours.map(({ body, severityNumber, scope }) => [body, severityNumber, scope.split('/').at(-1)])).toEqual([
    ['by pino', 9, 'pino'],
    ['pino error', 17, 'pino'],
    ['by winston', 9, 'winston'],
    ['by plain winston', 13, 'winston'],
    ['by bunyan', 9, 'bunyan'],
    ['by console { deep: 1 }', 9, 'console'],
    ['console error', 17, 'console'],
  ]);
  for (const log of ours) {
    expect(log).toMatchObject({ traceId: span?.traceId, spanId: span?.spanId, attributes: { 'correlation.id': 'r7' } });
  }
  expect(ours[0]?.attributes).toMatchObject({ component: 'child', order: 7, password: '[Redacted]' });
  expect(ours[1]?.attributes).toMatchObject({ 'exception.type': 'Error', 'exception.message': 'broken by pino' });
  expect(ours[2]?.attributes).toMatchObject({ order: 7 });
});

it('writes the very lines of an unobserved application when line fields are turned off', async () => {
  const timeless = (lines: string[]): string[] =>
    lines.map((line) => line.replaceAll(/"(?:time|pid)":("[^"]*"|\d+)/g, '').replaceAll(/\(.*?\)|at .*/g, ''));
  const without = await linesOf({ ORRERY_LOG_FIELDS: 'false' });
  // The helper treats "no collector" as "no agent".
  const running = runApp('loggers.cjs');
  await fetch(`http://127.0.0.1:${await running.port}/`);
  await running.stop();
  const { stdout, stderr } = running.output();
  const plain = `${stdout}${stderr}`.split('\n').filter((line) => line !== '' && !line.startsWith('listening'));
  const words = (lines: string[]): string[] => timeless(lines).filter((line) => !line.includes('"stack"'));
  // Loggers write to the pipe each in its own way: the order between them is not defined.
  expect(words(without).sort()).toEqual(words(plain).sort());
});

it('exports no logs, and still correlates lines, with OTEL_LOGS_EXPORTER=none', async () => {
  const lines = await linesOf({ OTEL_LOGS_EXPORTER: 'none' });
  expect(sink.logs).toEqual([]);
  expect(lines.filter((line) => line.includes('"correlation_id":"r7"'))).toHaveLength(4);
});
