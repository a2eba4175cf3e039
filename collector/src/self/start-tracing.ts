import { randomUUID } from 'node:crypto';
import { InterestingSpans } from './interesting-spans.js';

export interface TracingOptions {
  service: string;
  version: string;
  /** The own intake, which is never traced itself: so nothing feeds on itself. */
  endpoint: string;
  traces: 'slow' | 'all' | 'off';
  slowMs: number;
}

/**
 * Observes this process with the OpenTelemetry SDK. The SDK takes most of a second to load, so this is called once the
 * process serves; until then the API's spans cost nothing and go nowhere.
 */
export async function startTracing({
  service,
  version,
  endpoint,
  traces,
  slowMs,
}: TracingOptions): Promise<() => Promise<void>> {
  if (traces === 'off') return async () => undefined;
  const [{ NodeSDK, resources, tracing }, { OTLPTraceExporter }] = await Promise.all([
    import('@opentelemetry/sdk-node'),
    import('@opentelemetry/exporter-trace-otlp-http'),
  ]);
  const exporter = new OTLPTraceExporter({ url: `${endpoint}/v1/traces`, timeoutMillis: 3000 });
  const batches = new tracing.BatchSpanProcessor(exporter, { maxQueueSize: 2048, exportTimeoutMillis: 4000 });
  const sdk = new NodeSDK({
    autoDetectResources: false,
    instrumentations: [],
    metricReaders: [],
    logRecordProcessors: [],
    resource: resources.resourceFromAttributes({
      'service.name': service,
      'service.version': version,
      'service.instance.id': randomUUID(),
    }),
    spanProcessors: [traces === 'all' ? batches : new InterestingSpans(batches, slowMs)],
  });
  sdk.start();
  // An intake that is gone already must not hold up the end of this process.
  return () =>
    Promise.race([
      sdk.shutdown().catch(() => undefined),
      new Promise<void>((resolve) => setTimeout(resolve, 2000).unref()),
    ]);
}
