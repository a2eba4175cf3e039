import * as fc from 'fast-check';
import type { Type } from 'protobufjs';
import { describe, expect, it } from 'vitest';
import { DecodeError } from '../../src/decode/decode-error.js';
import { decodeLogs } from '../../src/decode/decode-logs.js';
import { decodeMetrics } from '../../src/decode/decode-metrics.js';
import { createTraceDecoder, decodeTraces } from '../../src/decode/decode-traces.js';
import { jsonToProtobuf } from '../../src/receive/json/json-to-protobuf.js';
import { logsRequest, type Message, metricsRequest, tracesRequest } from '../../src/receive/json/otlp-schema.js';
import { logsRequests, metricsRequests, tracesRequests } from '../otlp/arbitrary-requests.js';
import { logsOf, pointsOf, spansOf } from '../otlp/from-columns.js';
import { oracle } from '../otlp/from-oracle.js';
import { Logs, Metrics, Traces } from '../otlp/otlp-messages.js';

type Json = Record<string, unknown>;

interface Signal {
  name: string;
  type: Type;
  schema: Message;
  requests: fc.Arbitrary<Json>;
  read: (bytes: Uint8Array) => object[];
}

const reusing = createTraceDecoder();
const signals: Signal[] = [
  {
    name: 'traces',
    type: Traces,
    schema: tracesRequest,
    requests: tracesRequests,
    read: (b) => spansOf(decodeTraces(b).columns),
  },
  {
    name: 'traces into the same memory',
    type: Traces,
    schema: tracesRequest,
    requests: tracesRequests,
    read: (b) => spansOf(reusing(b).columns),
  },
  { name: 'logs', type: Logs, schema: logsRequest, requests: logsRequests, read: (b) => logsOf(decodeLogs(b).columns) },
  {
    name: 'metrics',
    type: Metrics,
    schema: metricsRequest,
    requests: metricsRequests,
    read: (b) => pointsOf(decodeMetrics(b).columns),
  },
];

const IDS = new Set(['traceId', 'spanId', 'parentSpanId']);

/** OTLP/JSON as protobufjs wants it: ids are bytes there, not hex. */
function withBytes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withBytes);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      IDS.has(key) ? Buffer.from(inner as string, 'hex') : withBytes(inner),
    ]),
  );
}

function encode(type: Type, json: Json): Uint8Array {
  return type.encode(type.fromObject(withBytes(json) as Json)).finish();
}

describe.each(signals)('decoding of $name', ({ type, schema, requests, read }) => {
  it('reads what protobufjs reads', () => {
    fc.assert(
      fc.property(requests, (json) => {
        const bytes = encode(type, json);
        expect(read(bytes)).toEqual(oracle(type, bytes));
      }),
      { numRuns: 150 },
    );
  });

  it('reads the same from JSON', () => {
    fc.assert(
      fc.property(requests, (json) => {
        const translated = jsonToProtobuf(Buffer.from(JSON.stringify({ ...json, unknownField: [{}] })), schema);
        expect(read(translated)).toEqual(read(encode(type, json)));
      }),
      { numRuns: 100 },
    );
  });

  it('reads or refuses with a position whatever has been done to the bytes, and ends', () => {
    fc.assert(
      fc.property(
        requests,
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }),
        fc.nat(),
        (json, changes, cut) => {
          const bytes = Buffer.from(encode(type, json));
          for (const [at, byte] of changes) if (bytes.length > 0) bytes[at % bytes.length] = byte;
          const body = cut % 3 === 0 ? bytes.subarray(0, cut % (bytes.length + 1)) : bytes;
          try {
            read(body);
          } catch (error) {
            expect(error).toBeInstanceOf(DecodeError);
            expect((error as DecodeError).position).toBeLessThanOrEqual(body.length);
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  it('refuses garbage without falling over', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          read(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(DecodeError);
        }
      }),
      { numRuns: 400 },
    );
  });
});
