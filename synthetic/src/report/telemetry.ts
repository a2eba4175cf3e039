import { hostname } from 'node:os';
import { type Tracer, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { AlwaysOnSampler, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { SERVICE_NAME } from '../probe/vocabulary.js';

/** The runner's own telemetry: the spans of its runs. */
export interface Telemetry {
  readonly tracer: Tracer;
  /** Sends what is left, for at most a few seconds. */
  stop(): Promise<void>;
}

const STOP_TIMEOUT_MS = 3000;

/** Sends spans to an OTLP/HTTP endpoint in the background; at most 4096 wait, later ones are dropped. */
export function startTelemetry(otlp: string): Telemetry {
  const exporter = new OTLPTraceExporter({ url: `${otlp.replace(/\/+$/, '')}/v1/traces`, timeoutMillis: 5000 });
  const processor = new BatchSpanProcessor(exporter, {
    scheduledDelayMillis: 500,
    maxQueueSize: 4096,
    maxExportBatchSize: 512,
    exportTimeoutMillis: 8000,
  });
  const sdk = new NodeSDK({
    resource: resourceFromAttributes({ 'service.name': SERVICE_NAME, 'host.name': hostname() }),
    autoDetectResources: false,
    // Every run is evidence: what OTEL_TRACES_SAMPLER says is meant for others.
    sampler: new AlwaysOnSampler(),
    spanProcessors: [processor],
    metricReaders: [],
    logRecordProcessors: [],
    instrumentations: [],
  });
  sdk.start();
  return {
    tracer: trace.getTracer('@orrery/synthetic'),
    async stop() {
      const limit = new Promise<void>((resolve) => setTimeout(resolve, STOP_TIMEOUT_MS).unref());
      await Promise.race([sdk.shutdown().catch(() => undefined), limit]);
    },
  };
}
