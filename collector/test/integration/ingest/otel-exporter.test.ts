import { SpanKind } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { node, resources } from '@opentelemetry/sdk-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeTraces } from '../../../src/decode/decode-traces.js';
import { spansOf } from '../../otlp/from-columns.js';
import { startIngest, type TestIngest } from './start-ingest.js';

let ingest: TestIngest;
beforeEach(async () => {
  ingest = await startIngest();
});
afterEach(() => ingest.stop());

describe('an unmodified OpenTelemetry SDK', () => {
  it('is understood in JSON, compressed, with every kind of attribute', async () => {
    const exporter = new OTLPTraceExporter({
      url: `${ingest.url}/v1/traces`,
      compression: 'gzip' as never,
    });
    const provider = new node.NodeTracerProvider({
      resource: resources.resourceFromAttributes({ 'service.name': 'loans' }),
      spanProcessors: [new node.SimpleSpanProcessor(exporter)],
    });
    const span = provider.getTracer('desk', '2.0').startSpan('lend', {
      kind: SpanKind.CLIENT,
      attributes: { title: 'Ü', copies: 3, ratio: 0.5, rare: true, tags: ['a', 'b'] },
    });
    span.addEvent('stamped', { by: 'clerk' });
    span.setStatus({ code: 2, message: 'lost' });
    span.end();
    await provider.forceFlush();
    await provider.shutdown();
    const [record] = await ingest.records();
    const { traceId, spanId } = span.spanContext();
    expect(spansOf(decodeTraces(record!.body).columns)).toMatchObject([
      {
        resource: [['service.name', 'loans']],
        scope: ['desk', '2.0', []],
        traceId,
        spanId,
        name: 'lend',
        // The API counts kinds from 0, OTLP from 1.
        kind: 3,
        status: [2, 'lost'],
        attributes: [
          ['title', 'Ü'],
          ['copies', 3],
          ['ratio', 0.5],
          ['rare', true],
          ['tags', ['a', 'b']],
        ],
        events: [{ name: 'stamped', attributes: [['by', 'clerk']] }],
      },
    ]);
  });
});
