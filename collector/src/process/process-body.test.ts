import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logsRequests, metricsRequests, tracesRequests } from '../../test/otlp/arbitrary-requests.js';
import { logsOf, pointsOf, spansOf } from '../../test/otlp/from-columns.js';
import { encode, Logs, Metrics, Traces } from '../../test/otlp/otlp-messages.js';
import { decodeLogs } from '../decode/decode-logs.js';
import { decodeMetrics } from '../decode/decode-metrics.js';
import { decodeTraces } from '../decode/decode-traces.js';
import { jsonToProtobuf } from '../receive/json/json-to-protobuf.js';
import { logsRequest, metricsRequest, tracesRequest } from '../receive/json/otlp-schema.js';
import { createProcessor } from './process-body.js';
import { SensitiveKeys } from './sensitive-keys.js';

const NOW = 1_790_000_000_000_000_000n;
const options = { redact: true, redactKeys: [], maxAttributeBytes: 100, maxLogBodyBytes: 200 };

/** Puts a password into every list of attributes, and `[redacted]` where it should end up. */
function withSecrets(value: unknown, secret: string): unknown {
  if (Array.isArray(value)) return value.map((inner) => withSecrets(inner, secret));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, withSecrets(inner, secret)] as const);
  const password = { key: 'db.Password', value: { stringValue: secret } };
  return Object.fromEntries(
    entries.map(([key, inner]) => {
      const holdsAttributes =
        key === 'attributes' || key === 'filteredAttributes' || (key === 'values' && isMap(value));
      return [key, holdsAttributes ? [...(inner as unknown[]), password] : inner];
    }),
  );
}

function isMap(value: object): boolean {
  const { values } = value as { values?: unknown[] };
  return Array.isArray(values) && values.some((entry) => typeof entry === 'object' && entry !== null && 'key' in entry);
}

describe('processing', () => {
  const processor = createProcessor(options);
  const signals = [
    [
      'traces',
      tracesRequests,
      tracesRequest,
      (b: Uint8Array) => processor.traces(decodeTraces(b).columns, 2n ** 63n),
      (b: Uint8Array) => spansOf(decodeTraces(b).columns),
    ],
    [
      'logs',
      logsRequests,
      logsRequest,
      (b: Uint8Array) => processor.logs(decodeLogs(b).columns, 2n ** 63n),
      (b: Uint8Array) => logsOf(decodeLogs(b).columns),
    ],
    [
      'metrics',
      metricsRequests,
      metricsRequest,
      (b: Uint8Array) => processor.metrics(decodeMetrics(b).columns),
      (b: Uint8Array) => pointsOf(decodeMetrics(b).columns),
    ],
  ] as const;

  it.each(signals)(
    'replaces every secret of %s, however deep, and nothing else',
    (_name, requests, schema, process, read) => {
      const flag = (text: string) => text.replaceAll(/\["orrery\.time\.fault","\w+"\],?/g, '').replaceAll('],]', ']]');
      const plainText = (bytes: Uint8Array) =>
        flag(JSON.stringify(read(bytes), (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)));
      fc.assert(
        fc.property(requests, (json) => {
          const bytes = jsonToProtobuf(Buffer.from(JSON.stringify(withSecrets(json, 'hunter2-hunter2'))), schema);
          const expected = jsonToProtobuf(Buffer.from(JSON.stringify(withSecrets(json, '[redacted]'))), schema);
          const { bytes: rewritten, truncated } = process(bytes);
          expect(plainText(rewritten ?? bytes)).toBe(plainText(expected));
          expect(truncated).toBe(0);
          expect(Buffer.from(rewritten ?? bytes).includes('hunter2')).toBe(false);
        }),
        { numRuns: 150 },
      );
    },
  );

  it('leaves a body alone in which nothing has to change', () => {
    const span = {
      traceId: Buffer.alloc(16, 1),
      spanId: Buffer.alloc(8, 1),
      startTimeUnixNano: String(NOW),
      endTimeUnixNano: String(NOW),
    };
    const attributes = [
      'http.route',
      'order.key',
      'passwords_changed',
      'cookies',
      'gen_ai.usage.total_tokens',
      'monkey',
    ].map((key) => ({
      key,
      value: { stringValue: 'x' },
    }));
    const bytes = encode(Traces, { resourceSpans: [{ scopeSpans: [{ spans: [{ ...span, attributes }] }] }] });
    expect(processor.traces(decodeTraces(bytes).columns, NOW)).toEqual({
      bytes: null,
      redacted: 0,
      truncated: 0,
      absurdTimes: 0,
    });
  });

  it('cuts texts in every place that holds one', () => {
    const long = 'x'.repeat(300);
    const logs = encode(Logs, {
      resourceLogs: [
        {
          scopeLogs: [
            {
              scope: { name: long },
              logRecords: [
                {
                  body: { stringValue: long },
                  severityText: long,
                  attributes: [
                    { key: long, value: { bytesValue: Buffer.from(long) } },
                    { key: 'list', value: { arrayValue: { values: [{ stringValue: long }] } } },
                  ],
                },
              ],
            },
          ],
        },
      ],
    });
    const outcome = processor.logs(decodeLogs(logs).columns, NOW);
    expect(outcome.truncated).toBe(6);
    const [line] = logsOf(decodeLogs(outcome.bytes!).columns) as [{ body: string }];
    expect(line.body).toBe(`${'x'.repeat(185)}… [truncated]`);
    expect(
      JSON.stringify(line, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
    ).not.toContain('x'.repeat(186));
    const metrics = encode(Metrics, {
      resourceMetrics: [
        { scopeMetrics: [{ metrics: [{ name: 'm', description: long, gauge: { dataPoints: [{ asInt: 1 }] } }] }] },
      ],
    });
    expect(processor.metrics(decodeMetrics(metrics).columns).truncated).toBe(1);
  });

  it('does nothing to keys when redaction is off', () => {
    const off = createProcessor({ ...options, redact: false });
    const logs = encode(Logs, {
      resourceLogs: [
        { scopeLogs: [{ logRecords: [{ attributes: [{ key: 'password', value: { stringValue: 'x' } }] }] }] },
      ],
    });
    expect(off.logs(decodeLogs(logs).columns, NOW).bytes).toBeNull();
  });
});

describe('sensitive keys', () => {
  const keys = new SensitiveKeys(['*iban', 'pin']);
  const has = (key: string) => keys.has(Buffer.from(`..${key}..`), 2, Buffer.byteLength(key));

  it.each([
    'password',
    'DB_PASSWORD',
    'userPassword',
    'http.request.header.Set-Cookie',
    'client-secret',
    'apiKey',
    'x-api-key',
    'API-KEY',
    'refresh_token',
    'Authorization',
    'proxy-authorization',
    'account_IBAN',
    'pin',
    'card.PIN',
  ])('knows %s', (key) => expect(has(key)).toBe(true));

  it.each(['', 'a', 'http.route', 'token_count', 'secretary', 'cookie_banner', 'password.length', 'spin', 'päss'])(
    'lets %s pass',
    (key) => expect(has(key)).toBe(false),
  );
});
