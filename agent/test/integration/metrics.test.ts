import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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
  expect(last('orrery.agent.series.limit')).toMatchObject({ kind: 'gauge', points: [{ value: 1 }] });
  // Which instruments, and where the limit is from: a record for each, one line for all.
  const records = sink.logs.filter(({ eventName }) => eventName === 'metric.overflow');
  const named = records.map(({ attributes }) => attributes['metric.name']);
  expect(named).toContain('api.count');
  expect(new Set(named).size).toBe(named.length);
  expect(records[0]).toMatchObject({ severityText: 'warn', traceId: '', attributes: { 'metric.series.limit': 1 } });
  expect(running.output().stderr).toMatch(/^orrery: metric \S+ of \S+ has more than 1 series [^\n]*\n$/);
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

describe('every instrument', () => {
  const ids = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };

  it('of the metrics API and of prom-client arrives as its kind, exemplars too; log records of the logs API do', async () => {
    const env = { OTEL_METRIC_EXPORT_INTERVAL: '150' };
    const running = runApp('instruments.cjs', { collector: sink.url, env });
    await fetch(`http://127.0.0.1:${await running.port}/`, { headers: { 'x-correlation-id': 'c-1' } });
    await sink.until(() => last('sold') !== undefined && last('api.observed_later') !== undefined, 'metrics');
    await sink.until(() => sink.spans.length === 1 && sink.logs.length > 0, 'spans and log records');
    await running.stop();

    const sum = (value: number, monotonic: boolean) => ({
      kind: 'sum',
      monotonic,
      temporality: 2,
      points: [{ value }],
    });
    const gauge = (value: number) => ({ kind: 'gauge', points: [{ value }] });
    const expected = {
      'api.counter': sum(3, true),
      'api.up_down': sum(-2, false),
      'api.gauge': gauge(-2),
      'api.histogram': { kind: 'exponential_histogram', unit: 's', points: [{ count: 1, sum: 0.5 }] },
      'api.buckets': { kind: 'histogram', points: [{ count: 1, sum: 5, buckets: [0, 1, 0], bounds: [1, 10] }] },
      'api.observed_counter': sum(7, true),
      'api.observed_up_down': sum(-7, false),
      'api.observed_later': { kind: 'gauge', points: [{ value: 21, attributes: { way: 'async' } }] },
      'api.batch_first': gauge(1),
      'api.batch_second': { kind: 'gauge', points: [{ value: 2, attributes: { of: 'two' } }] },
      'api.asked_twice': { kind: 'gauge', points: [{ attributes: { said: 'one' } }, { attributes: { said: 'two' } }] },
      'old.counter': { ...sum(1, true), scope: 'old' },
      level: gauge(-3),
      sizes_count: sum(1, true),
      sizes_sum: sum(4, true),
      sizes: { kind: 'gauge', points: [{ value: 4, attributes: { quantile: 0.5 } }] },
    };
    for (const [name, metric] of Object.entries(expected)) expect(last(name), name).toMatchObject(metric);
    expect(last('api.removed')).toBeUndefined();
    expect(last('sold')?.points).toMatchObject([
      { value: 2, attributes: { kind: 'bed' }, exemplars: [{ ...ids, value: 2, attributes: { till: '4' } }] },
    ]);
    expect(last('waited')?.points).toMatchObject([{ count: 1, buckets: [0, 1, 0], exemplars: [{ ...ids, value: 5 }] }]);
    // The callback that fails is told of once, and is nobody's unhandled rejection.
    expect(running.output().stderr).toBe('orrery: a callback of a metric failed: the level cannot be read\n');

    const [request] = sink.spans;
    expect(sink.logs.map(({ eventName }) => eventName)).toEqual(['bed.sold']);
    expect(sink.logs[0]).toMatchObject({
      scope: 'app',
      severityNumber: 13,
      severityText: 'warn',
      body: { bed: 7 },
      timeNanos: 1_700_000_000_005_000_000n,
      traceId: request?.traceId,
      spanId: request?.spanId,
      attributes: { ward: 'a', 'correlation.id': 'c-1', 'exception.type': 'RangeError' },
    });
  });

  it('that is read elsewhere counts from the start, whatever temporality is asked for', async () => {
    const running = runApp('instruments.cjs', {
      collector: sink.url,
      env: { OTEL_METRIC_EXPORT_INTERVAL: '100', OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'delta' },
    });
    await fetch(`http://127.0.0.1:${await running.port}/`);
    const of = (name: string) => sink.metrics.filter((metric) => metric.name === name);
    await sink.until(() => of('sold').length > 2 && of('api.observed_counter').length > 2, 'metrics');
    await running.stop();
    for (const [name, value] of [
      ['sold', 2],
      ['api.observed_counter', 7],
    ] as const) {
      expect(new Set(of(name).map(({ temporality }) => temporality))).toEqual(new Set([2]));
      expect(new Set(of(name).map(({ points }) => points[0]?.value))).toEqual(new Set([value]));
      expect(new Set(of(name).map(({ points }) => points[0]?.startNanos)).size).toBe(1);
    }
    expect(of('api.counter').map(({ temporality, points }) => [temporality, points[0]?.value])).toEqual([[1, 3]]);
  });
});
