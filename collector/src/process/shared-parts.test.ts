import { describe, expect, it } from 'vitest';
import { encode, Logs, Metrics, Traces } from '../../test/otlp/otlp-messages.js';
import { decodeLogs } from '../decode/decode-logs.js';
import { decodeMetrics } from '../decode/decode-metrics.js';
import { decodeTraces } from '../decode/decode-traces.js';
import { createProcessor } from './process-body.js';

const processor = createProcessor({
  redact: true,
  redactKeys: [],
  maxAttributeBytes: 32_768,
  maxLogBodyBytes: 262_144,
});

function attributes(count: number, bytes: number) {
  return Array.from({ length: count }, (_, at) => ({ key: `a${at}`, value: { stringValue: 'x'.repeat(bytes) } }));
}

const span = {
  traceId: Buffer.alloc(16, 1),
  spanId: Buffer.alloc(8, 2),
  name: 's',
  startTimeUnixNano: 1,
  endTimeUnixNano: 2,
};

function spans(count: number, resource: object, scope: object = {}): () => unknown {
  const spanList = Array.from({ length: count }, () => span);
  const body = encode(Traces, { resourceSpans: [{ resource, scopeSpans: [{ scope, spans: spanList }] }] });
  return () => processor.traces(decodeTraces(body).columns, 2n);
}

function lines(count: number, resource: object): () => unknown {
  const logRecords = Array.from({ length: count }, () => ({ severityNumber: 9 }));
  const body = encode(Logs, { resourceLogs: [{ resource, scopeLogs: [{ logRecords }] }] });
  return () => processor.logs(decodeLogs(body).columns, 2n);
}

function points(count: number, resource: object, metric: object = {}): () => unknown {
  const dataPoints = Array.from({ length: count }, () => ({ asInt: 1 }));
  const metrics = [{ name: 'm', ...metric, gauge: { dataPoints } }];
  const body = encode(Metrics, { resourceMetrics: [{ resource, scopeMetrics: [{ metrics }] }] });
  return () => processor.metrics(decodeMetrics(body).columns);
}

describe('what the items of one request share', () => {
  const large = { attributes: attributes(10, 30_000) };

  it('is refused when each item with its own copy would be gigabytes, and says what to do', () => {
    const fault = /share would be \d+ bytes if each had its own, more than 268435456: send fewer in one request/;
    expect(spans(2000, large)).toThrow(fault);
    expect(lines(2000, large)).toThrow(fault);
    expect(points(2000, large)).toThrow(fault);
    expect(spans(10_000, {}, { name: 'n'.repeat(30_000) })).toThrow(fault);
    expect(points(10_000, {}, { description: 'd'.repeat(30_000) })).toThrow(fault);
    const nested = {
      attributes: [{ key: 'k', value: { arrayValue: { values: attributes(10, 30_000).map((a) => a.value) } } }],
    };
    expect(lines(2000, nested)).toThrow(fault);
  });

  it('passes in fewer items, or when it is small', () => {
    for (const few of [spans(500, large), lines(500, large), points(500, large)]) expect(few).not.toThrow();
    const usual = { attributes: attributes(30, 30) };
    for (const many of [spans(100_000, usual), lines(100_000, usual), points(100_000, usual)])
      expect(many).not.toThrow();
  });

  it('counts of a long text what is left when it was cut', () => {
    const long = { attributes: attributes(1, 1_000_000) };
    for (const cut of [spans(2000, long), lines(2000, long), points(2000, long)]) expect(cut).not.toThrow();
  });
});
