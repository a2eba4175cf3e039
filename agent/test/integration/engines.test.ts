import { expect, it } from 'vitest';
import type { ReceivedSpan } from '../sink/otlp-decode.js';
import { startSink } from '../sink/otlp-sink.js';
import { runApp } from '../sink/run-app.js';

const EXPECTED_SPANS = 9;

/** A span with what both engines must agree on, and its children in order of their names. */
interface Shape {
  readonly name: string;
  readonly kind: string;
  readonly scope: string;
  readonly attributes: unknown;
  readonly events: unknown;
  readonly links: unknown;
  readonly status: unknown;
  readonly children: readonly Shape[];
}

/** Everything but what differs from run to run: ids, times, ports, stack traces. */
function shapesUnder(parent: string, spans: readonly ReceivedSpan[]): Shape[] {
  return spans
    .filter(({ parentSpanId }) => parentSpanId === parent)
    .map(({ name, kind, scope, attributes, events, links, status, spanId, traceId }) => ({
      name,
      kind,
      scope,
      attributes: JSON.parse(
        JSON.stringify(attributes)
          .replaceAll(/:\d{4,5}\b/g, ':0')
          .replaceAll(traceId, 'TRACE'),
      ) as unknown,
      events: events.map((event) => [event.name, { ...event.attributes, 'exception.stacktrace': undefined }]),
      links: links.map((link) => link.attributes),
      status: { code: status.code, message: status.message },
      children: shapesUnder(spanId, spans),
    }))
    .sort((left, right) => left.name.localeCompare(right.name) || left.kind.localeCompare(right.kind));
}

async function shapes(engine: 'own' | 'otel-sdk'): Promise<{ shapes: Shape[]; resource: object; sdkUsed: boolean }> {
  const sink = await startSink();
  const app = runApp('engines.cjs', { collector: sink.url, env: { ORRERY_ENGINE: engine } });
  try {
    const response = await fetch(`http://127.0.0.1:${await app.port}/work`, {
      headers: { 'x-correlation-id': 'both' },
    });
    await response.text();
    await sink.until(({ spans }) => spans.length >= EXPECTED_SPANS, `${EXPECTED_SPANS} spans`);
  } finally {
    await app.stop();
    await sink.close();
  }
  const sdkUsed = sink.requests.some(
    ({ path, headers }) => path === '/v1/traces' && headers['content-type'] === 'application/json',
  );
  expect(app.output().stderr).toBe('');
  const resource = { ...sink.spans[0]?.resource, 'process.pid': 0, 'service.instance.id': '' };
  return { shapes: shapesUnder('', sink.spans), resource, sdkUsed };
}

it('gives the same spans with its own engine as with the OpenTelemetry SDK', async () => {
  const own = await shapes('own');
  const sdk = await shapes('otel-sdk');
  expect(sdk.sdkUsed).toBe(true);
  expect(own.sdkUsed).toBe(false);
  expect(own.shapes).toEqual(sdk.shapes);
  expect(own.resource).toEqual(sdk.resource);
  expect(JSON.stringify(own.shapes)).toContain('"SELECT * FROM t WHERE name = ?"');
});
