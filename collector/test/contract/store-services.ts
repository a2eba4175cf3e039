import { describe, expect, it } from 'vitest';
import { LogOfRecords } from '../fixtures/log-of-records.js';
import type { SpanGiven } from '../fixtures/otlp-encoder.js';
import { nano, type OpenStore, ranged, signal, spanId, storeFor, T0_MS, traceId } from './store-under-test.js';

const resource = (name: string, instance: string) => ({
  'service.name': name,
  'service.instance.id': instance,
  'service.version': '2.1',
  'deployment.environment.name': 'ward',
  'telemetry.sdk.language': 'python',
});

/** Appointments of a clinic: 100 requests that take 1 to 100 ms, every tenth of which fails. */
function appointments(): LogOfRecords {
  const log = new LogOfRecords(T0_MS);
  const reception: SpanGiven[] = [];
  const calls: SpanGiven[] = [];
  const records: SpanGiven[] = [];
  for (let n = 1; n <= 100; n++) {
    const at = nano(n * 1000);
    const id = traceId(n);
    const status = n % 10 === 0 ? 2 : 0;
    const end = at + BigInt(n) * 1_000_000n;
    reception.push({
      traceId: id,
      spanId: spanId(n),
      name: 'POST /appointments',
      kind: 2,
      startNano: at,
      endNano: end,
      status,
    });
    calls.push({
      traceId: id,
      spanId: spanId(1000 + n),
      parentSpanId: spanId(n),
      name: 'GET',
      kind: 3,
      startNano: at,
      endNano: end,
      attributes: { 'server.address': 'records.internal', 'server.port': 8080, 'http.request.method': 'GET' },
    });
    records.push({
      traceId: id,
      spanId: spanId(2000 + n),
      parentSpanId: spanId(1000 + n),
      name: 'GET /patients/{id}',
      kind: 2,
      startNano: at,
      endNano: end,
      attributes: n > 90 ? { synthetic: true } : {},
    });
    calls.push({
      traceId: id,
      spanId: spanId(3000 + n),
      parentSpanId: spanId(2000 + n),
      name: 'SELECT',
      kind: 3,
      startNano: at,
      endNano: end,
      attributes: { 'db.system.name': 'postgresql', 'db.namespace': 'patients' },
    });
  }
  for (let at = 0; at < 100; at += 25) log.spans(resource('reception', `r${at % 2}`), reception.slice(at, at + 25));
  log.spans(
    resource('reception', 'r0'),
    calls.filter((span) => span.name === 'GET'),
  );
  log.spans(resource('records', 'x'), records);
  log.spans(
    resource('records', 'x'),
    calls.filter((span) => span.name === 'SELECT'),
  );
  return log;
}

export function describeServices(open: OpenStore): void {
  describe('services and the map', () => {
    const store = storeFor(open, async ({ writer }) => {
      const { records } = appointments();
      for (let at = 0; at < records.length; at += 2) await writer.write(records.slice(at, at + 2), signal);
    });

    it('counts requests and errors exactly, and quantiles within 4.5 %', async () => {
      const { services } = await store().reader.services({ ...ranged, synthetic: 'include' }, signal);
      const reception = services.find(({ service }) => service === 'reception');
      expect(reception).toMatchObject({
        requests: 100,
        errors: 10,
        error_ratio: 0.1,
        environments: ['ward'],
        versions: ['2.1'],
      });
      expect(reception?.language).toBe('python');
      expect(Math.abs((reception?.p50_ms ?? 0) / 50 - 1)).toBeLessThan(0.0455);
      expect(Math.abs((reception?.p95_ms ?? 0) / 95 - 1)).toBeLessThan(0.0455);
      expect(Math.abs((reception?.p99_ms ?? 0) / 99 - 1)).toBeLessThan(0.0455);
      expect(reception?.series.requests.reduce((a, b) => a + b, 0)).toBe(100);
      expect(services[0]?.service).toBe('reception');
    });

    it('keeps synthetic traffic out unless it is asked for', async () => {
      const requests = async (synthetic: 'exclude' | 'include' | 'only') => {
        const { services } = await store().reader.services({ ...ranged, synthetic }, signal);
        return services.find(({ service }) => service === 'records')?.requests ?? 0;
      };
      expect([await requests('exclude'), await requests('only'), await requests('include')]).toEqual([90, 10, 100]);
    });

    it('asks about one environment only where one is named', async () => {
      const { services } = await store().reader.services(
        { ...ranged, environment: 'attic', synthetic: 'include' },
        signal,
      );
      expect(services).toEqual([]);
    });

    it('draws databases, and services behind addresses that a sample call resolves', async () => {
      const map = await store().reader.map({ ...ranged, synthetic: 'include' }, signal);
      const edge = (source: string, target: string) =>
        map.edges.find((e) => e.source === source && e.target === target);
      expect(edge('service:records', 'database:patients')).toMatchObject({ kind: 'database', requests: 100 });
      expect(edge('service:reception', 'service:records')).toMatchObject({ kind: 'sync', requests: 100 });
      expect(map.nodes.find((node) => node.id === 'database:patients')).toMatchObject({
        kind: 'database',
        system: 'postgresql',
      });
    });

    it('tells of one service with its operations, instances and neighbours, and null of an unknown one', async () => {
      const detail = await store().reader.service({ ...ranged, synthetic: 'include', service: 'reception' }, signal);
      expect(detail?.operations).toMatchObject([{ operation: 'POST /appointments', kind: 'server', requests: 100 }]);
      expect(detail?.instances.map(({ instance }) => instance).toSorted()).toEqual(['r0', 'r1']);
      expect(detail?.outgoing.map(({ target }) => target)).toContain('service:records');
      expect(await store().reader.service({ ...ranged, synthetic: 'include', service: 'nobody' }, signal)).toBeNull();
    });

    it('says what it holds and who sends it', async () => {
      const figures = await store().reader.storage(signal);
      expect(figures).toMatchObject({ spans: 400, logs: 0, metricPoints: 0, deadLetters: 0 });
      expect(figures.bytes).toBeGreaterThan(0);
      expect(figures.senders.map(({ service }) => service).toSorted()).toEqual(['reception', 'records']);
    });
  });
}
