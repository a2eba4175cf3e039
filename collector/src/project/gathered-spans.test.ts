import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeTraces, type SpanGiven } from '../../test/fixtures/otlp-encoder.js';
import { decodeTraces } from '../decode/decode-traces.js';
import { MergedProjection } from '../store/duckdb/write/merged-projection.js';
import { projectTraces } from './project-traces.js';
import type { Projection } from './projection.js';

const RESOURCE = { 'service.name': 'shop', 'service.instance.id': 'i1' };
/** Around ends of minutes, where rounding would show. */
const time = fc
  .tuple(fc.integer({ min: 29_000_000, max: 29_000_002 }), fc.integer({ min: -3, max: 3 }))
  .map(([minute, nanos]) => BigInt(minute) * 60_000_000_000n + BigInt(nanos));
const value = fc.constantFrom<string | number | boolean>('', 'a', 'b', 'true', 0, 1, 8443, -1, 2 ** 40, 1.5, true);
const KEYS = [
  'db.system',
  'db.namespace',
  'server.address',
  'server.port',
  'peer.service',
  'messaging.system',
  'messaging.destination.name',
  'error.type',
  'http.response.status_code',
  'synthetic',
  'correlation.id',
];
const span: fc.Arbitrary<SpanGiven> = fc.record({
  traceId: fc.constantFrom('0a', '0b').map((byte) => byte.repeat(16)),
  spanId: fc.constantFrom('01', '02', '03').map((byte) => byte.repeat(8)),
  parentSpanId: fc.constantFrom('', '0f'.repeat(8)),
  traceState: fc.constantFrom('', 'orrery=svc:web', 'x=1,orrery=svc:web', 'x=1'),
  name: fc.constantFrom('GET /', 'charge', ''),
  kind: fc.integer({ min: 0, max: 5 }),
  startNano: time,
  endNano: time,
  status: fc.constantFrom<0 | 2>(0, 2),
  attributes: fc.dictionary(fc.constantFrom(...KEYS), value, { maxKeys: 5 }),
});

/** In an order of its own, without what merging takes from any one of the parts. */
function plain(projection: Projection): object {
  const sorted = (rows: object[]): string[] =>
    rows
      .map((row) =>
        JSON.stringify(row, (_key, field: unknown) => {
          if (typeof field === 'bigint') return String(field);
          return field instanceof Map ? [...(field as Map<number, number>)].sort(([a], [b]) => a - b) : field;
        }),
      )
      .sort();
  return {
    red: sorted(projection.red),
    edges: sorted(projection.edges.map((edge) => ({ ...edge, sample: null }))),
    traces: sorted(
      projection.traces.map((trace) => ({
        ...trace,
        services: sorted(trace.services),
        root: trace.root?.startNano ?? null,
        correlationId: trace.correlationId !== '',
      })),
    ),
  };
}

test('spans of one request say together what they say one by one', () => {
  fc.assert(
    fc.property(fc.array(span, { minLength: 1, maxLength: 40 }), (spans) => {
      const project = (some: SpanGiven[]): Projection =>
        projectTraces(decodeTraces(encodeTraces(RESOURCE, some)).columns, [], 1n);
      const merged = new MergedProjection();
      for (const one of spans) merged.add(project([one]));
      expect(plain(project(spans))).toEqual(plain(merged.result()));
    }),
    { numRuns: 100 },
  );
});
