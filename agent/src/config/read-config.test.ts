import { expect, it } from 'vitest';
import { readConfig } from './read-config.js';

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

it('decodes lists of keys and values', () => {
  const { resourceAttributes } = readConfig(
    { OTEL_RESOURCE_ATTRIBUTES: 'service.version=1.2,team=a%2Cb, x = y ' },
    () => undefined,
  );
  expect(Object.fromEntries(resourceAttributes)).toEqual({ 'service.version': '1.2', team: 'a,b', x: 'y' });
});
