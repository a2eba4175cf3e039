import { afterEach, expect, it } from 'vitest';
import { type OtlpSink, startSink } from '../sink/otlp-sink.js';
import { runApp } from '../sink/run-app.js';

let sink: OtlpSink | undefined;

afterEach(async () => {
  await sink?.close();
  sink = undefined;
});

/** The application records 60 MB of spans. */
it('keeps memory bounded when there is no collector, and says so once', async () => {
  const app = runApp('busy.cjs', { collector: 'http://127.0.0.1:21196', env: { ORRERY_QUEUE_BYTES: '4000000' } });
  const { code } = await app.ended;
  const { stdout, stderr } = app.output();
  expect(code).toBe(0);
  expect(Number(/rss (\d+)/.exec(stdout)?.[1])).toBeLessThan(200_000_000);
  expect(stderr).toMatch(/^orrery: no collector at http:\/\/127\.0\.0\.1:21196\/v1\/traces \(ECONNREFUSED\)[^\n]*\n$/);
});

it('delivers what waited when the collector comes back, after as long as it asked for', async () => {
  sink = await startSink();
  let refusals = 2;
  const refusedAt: number[] = [];
  sink.answer = () => {
    if (refusals-- <= 0) return { status: 200 };
    refusedAt.push(Date.now());
    return { status: 503, headers: { 'retry-after': '1' } };
  };
  const app = runApp('plain.cjs', {
    collector: sink.url,
    env: { OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' },
  });
  await (await fetch(`http://127.0.0.1:${await app.port}/status/200`)).text();
  await sink.until(({ spans }) => spans.length === 1, 'the span');
  const waited = Date.now() - (refusedAt.at(-1) ?? 0);
  await app.stop();
  expect(refusedAt).toHaveLength(2);
  expect(waited).toBeGreaterThanOrEqual(990);
});

it('does not repeat what the collector refuses', async () => {
  sink = await startSink();
  sink.answer = () => ({ status: 400 });
  const app = runApp('plain.cjs', {
    collector: sink.url,
    env: { OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' },
  });
  await (await fetch(`http://127.0.0.1:${await app.port}/status/200`)).text();
  await sink.until(({ requests }) => requests.length === 1, 'the request');
  await app.stop();
  expect(sink.requests).toHaveLength(1);
  expect(app.output().stderr).toContain('the collector refuses traces (status 400)');
});

it('sends headers, compression and paths as the OTLP exporter specification says, and traces none of its own requests', async () => {
  sink = await startSink();
  const app = runApp('plain.cjs', {
    collector: `${sink.url}/`,
    env: {
      OTEL_METRICS_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'none',
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20abc',
      OTEL_EXPORTER_OTLP_COMPRESSION: 'none',
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${sink.url}/v1/traces`,
    },
  });
  await (await fetch(`http://127.0.0.1:${await app.port}/status/200`)).text();
  await sink.until(({ spans }) => spans.length >= 1, 'the span');
  await app.stop();
  expect(sink.spans.map(({ kind }) => kind)).toEqual(['server']);
  expect(sink.requests[0]).toMatchObject({
    path: '/v1/traces',
    headers: { authorization: 'Bearer abc', 'content-type': 'application/x-protobuf' },
  });
  expect(sink.requests[0]?.headers).not.toHaveProperty('content-encoding');
});
