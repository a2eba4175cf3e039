import { expect, it } from 'vitest';
import { readConfig } from './read-config.js';
import { unusedVariables } from './unused-variables.js';

it('keeps the default, and says so, for a value it cannot use', () => {
  const faults: string[] = [];
  const config = readConfig(
    {
      OTEL_BSP_SCHEDULE_DELAY: 'soon',
      ORRERY_ENGINE: 'steam',
      OTEL_SERVICE_NAME: ' ',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'localhost:4318',
    },
    (fault) => faults.push(fault),
  );
  expect(config).toMatchObject({ scheduleDelayMs: 1000, engine: 'own', serviceName: undefined });
  expect(faults).toEqual([
    'ORRERY_ENGINE must be one of own, otel-sdk; using own',
    'OTEL_EXPORTER_OTLP_ENDPOINT must be an http or https URL; using http://127.0.0.1:4318',
    'OTEL_BSP_SCHEDULE_DELAY must be a whole number, not negative; using 1000',
  ]);
});

it('takes no time that a timer of Node cannot keep, and no request that has none', () => {
  const faults: string[] = [];
  const config = readConfig(
    {
      OTEL_BSP_SCHEDULE_DELAY: '999999999999',
      OTEL_METRIC_EXPORT_INTERVAL: '0',
      OTEL_EXPORTER_OTLP_LOGS_TIMEOUT: '0',
      ORRERY_EXIT_TIMEOUT: '0',
    },
    (fault) => faults.push(fault),
  );
  expect(config).toMatchObject({ scheduleDelayMs: 1000, metricIntervalMs: 10_000, exitTimeoutMs: 0 });
  expect(config.logsTimeoutMs).toBeUndefined();
  expect(faults.map((fault) => fault.split(' ', 1)[0])).toEqual([
    'OTEL_EXPORTER_OTLP_LOGS_TIMEOUT',
    'OTEL_BSP_SCHEDULE_DELAY',
    'OTEL_METRIC_EXPORT_INTERVAL',
  ]);
});

it('decodes lists of keys and values', () => {
  const { resourceAttributes } = readConfig(
    { OTEL_RESOURCE_ATTRIBUTES: 'service.version=1.2,team=a%2Cb, x = y ' },
    () => undefined,
  );
  expect(Object.fromEntries(resourceAttributes)).toEqual({ 'service.version': '1.2', team: 'a,b', x: 'y' });
});

it('names a propagator it does not know and keeps the others', () => {
  const faults: string[] = [];
  const of = (text: string) => readConfig({ OTEL_PROPAGATORS: text }, (fault) => faults.push(fault)).propagators;
  expect(of('b3, baggage')).toEqual({ traceContext: false, baggage: true, b3: true, b3multi: false });
  expect(of('none,b3')).toEqual({ traceContext: false, baggage: false, b3: false, b3multi: false });
  expect(faults).toEqual([]);
  expect(of('b3multi,jaeger')).toEqual({ traceContext: false, baggage: false, b3: false, b3multi: true });
  expect(of('xray').traceContext).toBe(true);
  expect(faults).toEqual([
    'OTEL_PROPAGATORS does not know jaeger (only tracecontext, baggage, b3, b3multi, none); using b3multi',
    'OTEL_PROPAGATORS does not know xray (only tracecontext, baggage, b3, b3multi, none); using tracecontext,baggage',
  ]);
});

it('finds variables of OpenTelemetry that change nothing, and says nothing of those that ask for what is so', () => {
  const environment = {
    OTEL_SERVICE_NAME: 'a',
    OTEL_PYTHON_LOG_CORRELATION: 'true',
    OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/protobuf',
    OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: 'grpc',
    OTEL_BSP_MAX_QUEUE_SIZE: '7',
    OTEL_LOG_LEVEL: '',
  };
  expect(unusedVariables(environment)).toEqual(['OTEL_BSP_MAX_QUEUE_SIZE', 'OTEL_EXPORTER_OTLP_LOGS_PROTOCOL']);
});
