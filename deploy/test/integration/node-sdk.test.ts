import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningCollector, startCollector } from './running-collector.js';
import { eventually } from './running-shop.js';

const run = promisify(execFile);
const loans = fileURLToPath(new URL('../fixtures/node-sdk/loans.mjs', import.meta.url));

interface Trace {
  services: string[];
  names: string[];
  columns: { span_id: string[]; name: number[]; parent: number[]; kind: string[]; status: string[] };
  orphans: number;
}

let collector: RunningCollector;

beforeAll(async () => {
  collector = await startCollector();
});

afterAll(() => collector?.stop());

// Nothing of Orrery is in the sending process.
describe.each([
  { how: 'in protobuf, told by the environment', args: [], env: {} },
  { how: 'in JSON, by exporter-trace-otlp-http', args: ['json'], env: {} },
  { how: 'in compressed protobuf', args: [], env: { OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' } },
])('the OpenTelemetry SDK of Node, $how', ({ how, args, env }) => {
  const service = `loans ${how}`;
  let traceId: string;

  beforeAll(async () => {
    const { stdout } = await run(process.execPath, [loans, ...args], {
      env: {
        ...process.env,
        OTEL_SERVICE_NAME: service,
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.otlp,
        OTEL_TRACES_EXPORTER: 'otlp',
        OTEL_METRICS_EXPORTER: 'otlp',
        ...env,
      },
    });
    traceId = stdout.trim();
  });

  test('shows its trace with everything the spans carry', async () => {
    const trace = await eventually(
      () => collector.get<Trace>(`/traces/${traceId}`).catch(() => undefined),
      (answer) => answer?.columns.span_id.length === 3,
    );
    expect(trace).toMatchObject({ services: [service], orphans: 0 });
    const { columns, names } = trace as Trace;
    expect(columns.name.map((index) => names[index])).toEqual(['POST /loans', 'POST', 'take']);
    expect(columns.parent).toEqual([-1, 0, 1]);
    expect(columns.kind).toEqual(['server', 'client', 'server']);
    expect(columns.status).toEqual(['unset', 'unset', 'error']);
    const detail = await collector.get<object>(`/traces/${traceId}/spans/${columns.span_id[2]}`);
    expect(detail).toMatchObject({
      status_message: 'a page is missing',
      scope: { name: 'loans', version: '1.0.0' },
      resource: { 'telemetry.sdk.language': 'nodejs' },
      events: [
        { name: 'book found', attributes: { row: 12 } },
        { name: 'exception', attributes: { 'exception.message': 'a page is missing' } },
      ],
    });
  });

  test('finds it by attribute, and counts its requests', async () => {
    const query = encodeURIComponent(`reader.id:reader-7 copies>=3 service:"${service}"`);
    const { traces } = await collector.get<{ traces: { trace_id: string }[] }>(`/traces?q=${query}`);
    expect(traces.map(({ trace_id }) => trace_id)).toEqual([traceId]);
    const { services } = await collector.get<{ services: object[] }>('/services');
    expect(services).toContainEqual(expect.objectContaining({ service, requests: 2, errors: 1, language: 'nodejs' }));
  });

  test('charts its metric', async () => {
    const { series } = await eventually(
      () =>
        collector.post<{ series: { key: string[]; points: (number | null)[] }[] }>('/metrics/query', {
          name: 'books.lent',
          q: `service:"${service}"`,
          aggregate: 'sum',
          group_by: ['branch'],
        }),
      (answer) => answer.series.length > 0,
    );
    expect(series.map(({ key }) => key)).toEqual([['north']]);
    expect(series[0]?.points.reduce((sum: number, point) => sum + (point ?? 0), 0)).toBe(3);
  });
});
