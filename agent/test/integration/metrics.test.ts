import { afterEach, beforeEach, expect, it } from 'vitest';
import { type OtlpSink, startSink } from '../sink/otlp-sink.js';
import { runApp } from '../sink/run-app.js';

let sink: OtlpSink;
beforeEach(async () => {
  sink = await startSink();
});
afterEach(() => sink.close());

const last = (name: string) => sink.metrics.findLast((metric) => metric.name === name);

it('bridges prom-client and the metrics API, and tells what the runtime does', async () => {
  const running = runApp('counts.cjs', { collector: sink.url, env: { OTEL_METRIC_EXPORT_INTERVAL: '200' } });
  await fetch(`http://127.0.0.1:${await running.port}/`);
  await sink.until(() => last('orders_total') !== undefined && last('api.count') !== undefined, 'metrics');
  await running.stop();
  expect(last('orders_total')).toMatchObject({
    kind: 'sum',
    monotonic: true,
    temporality: 2,
    points: [{ value: 2, attributes: { kind: 'new' } }],
  });
  expect(last('stock')?.points[0]?.value).toBe(5);
  expect(last('sizes')?.points[0]).toMatchObject({ count: 3, sum: 55.5, buckets: [1, 1, 1], bounds: [1, 10] });
  expect(last('api.count')).toMatchObject({ unit: '{thing}', points: [{ value: 3, attributes: { colour: 'red' } }] });
  expect(last('api.level')?.points).toMatchObject([{ value: 42, attributes: { place: 'here' } }]);
  expect(last('api.time')).toMatchObject({
    kind: 'exponential_histogram',
    points: [{ count: 1, sum: 0.2, buckets: [1] }],
  });
  expect(last('api.time')?.points[0]?.bounds[0]).toBeCloseTo(0.2, 5);
  expect(last('process.memory.usage')?.points[0]?.value).toBeGreaterThan(10_000_000);
  expect(last('nodejs.eventloop.utilization')).toBeDefined();
  expect(last('http.server.request.duration')).toMatchObject({
    kind: 'exponential_histogram',
    points: [{ count: 1, buckets: [1] }],
  });
});

it('tells metrics at the end of a process shorter than the interval', async () => {
  const running = runApp('counts.cjs', { collector: sink.url });
  await fetch(`http://127.0.0.1:${await running.port}/`);
  await running.stop();
  expect(last('api.count')?.points[0]?.value).toBe(3);
});

it('counts from the last export when delta temporality is asked for', async () => {
  const running = runApp('counts.cjs', {
    collector: sink.url,
    env: { OTEL_METRIC_EXPORT_INTERVAL: '150', OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'delta' },
  });
  const address = `http://127.0.0.1:${await running.port}/`;
  await fetch(address);
  await sink.until(() => last('api.count') !== undefined, 'metrics');
  await fetch(address);
  await running.stop();
  const points = sink.metrics.filter(({ name }) => name === 'api.count').map(({ points }) => points[0]?.value);
  expect(points).toEqual([3, 3]);
  expect(last('api.count')?.temporality).toBe(1);
});

it('caps the series of an instrument and says so', async () => {
  const running = runApp('counts.cjs', { collector: sink.url, env: { ORRERY_METRIC_SERIES: '1' } });
  await fetch(`http://127.0.0.1:${await running.port}/`);
  await running.stop();
  expect(last('api.count')?.points[0]?.attributes).toEqual({ 'otel.metric.overflow': true });
});

it('gives histograms explicit buckets when that is asked for', async () => {
  const env = { OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION: 'explicit_bucket_histogram' };
  const running = runApp('counts.cjs', { collector: sink.url, env });
  await fetch(`http://127.0.0.1:${await running.port}/`);
  await running.stop();
  const duration = last('http.server.request.duration');
  expect(duration?.kind).toBe('histogram');
  expect(duration?.points[0]?.bounds.slice(0, 2)).toEqual([0.005, 0.01]);
});
