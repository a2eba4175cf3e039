import { type Context, metrics, type Span, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { NodeSDK, resources, tracing } from '@opentelemetry/sdk-node';
import { destination } from '../config/destination.js';
import { factAttributes } from '../context/facts.js';
import type { FactsOf } from '../context/line-facts.js';
import { errorWithoutValues, exceptionWithoutValues } from '../record/database-error.js';
import type { LogRecord } from '../record/log-record.js';
import type { Recorder, StartSpan } from '../record/recorder.js';
import { isStatement, withoutValues } from '../record/statement.js';
import { raiseApiVersion } from './api-globals.js';
import type { EngineParts } from './engine.js';

/**
 * `ORRERY_ENGINE=otel-sdk`: spans are made, processed and exported by the OpenTelemetry SDK, under the agent's context
 * and propagation and with the same instrumentations. Log records and metrics go the agent's own way. The SDK exports
 * asynchronously: what it holds when the process is ended at once (`process.exit`, a signal) is lost.
 */
export function startSdkEngine(parts: EngineParts): Recorder {
  const { config, identity, contextManager, propagator, meterProvider, factsOf, own } = parts;
  const { url, headers } = destination(config, 'traces');
  const exporter = new OTLPTraceExporter({ url, headers, timeoutMillis: config.exportTimeoutMs });
  const sdk = new NodeSDK({
    resource: resources.resourceFromAttributes(identity.resource()),
    autoDetectResources: false,
    contextManager,
    textMapPropagator: propagator,
    instrumentations: [],
    metricReaders: [],
    logRecordProcessors: [],
    spanProcessors:
      config.tracesExporter === 'none'
        ? []
        : [
            factsProcessor(factsOf, config.statementValues),
            new tracing.BatchSpanProcessor(exporter, { scheduledDelayMillis: config.scheduleDelayMs }),
          ],
  });
  sdk.start();
  if (meterProvider !== undefined) metrics.setGlobalMeterProvider(meterProvider);
  raiseApiVersion();
  process.once('beforeExit', () => void sdk.shutdown());
  return new SdkRecorder(own);
}

/** Spans through the API's tracers, log records as ever. */
class SdkRecorder implements Recorder {
  constructor(private readonly logs: Recorder) {}

  get logsEnabled(): boolean {
    return this.logs.logsEnabled;
  }

  startSpan({ name, kind, scope, parent, attributes, links, startTime }: StartSpan): Span {
    const options = {
      kind,
      ...(attributes === undefined ? {} : { attributes }),
      ...(links === undefined ? {} : { links: [...links] }),
      ...(startTime === undefined ? {} : { startTime }),
    };
    const tracer = trace.getTracer(scope.name, scope.version);
    return parent === undefined ? tracer.startSpan(name, options) : tracer.startSpan(name, options, parent);
  }

  emitLog(record: LogRecord, context?: Context): void {
    this.logs.emitLog(record, context);
  }
}

/** What the own engine's encoder does, as a processor: facts on every span, statements and errors of databases without values. */
function factsProcessor(factsOf: FactsOf, keepsValues: boolean): tracing.SpanProcessor {
  return {
    onStart: (span, parent) => {
      span.setAttributes(factAttributes(factsOf(parent, span.spanContext().traceId)));
    },
    onEnding: (span) => {
      if (keepsValues) return;
      const system = span.attributes['db.system.name'] ?? span.attributes['db.system'];
      for (const [key, value] of Object.entries(span.attributes)) {
        if (isStatement(key) && typeof value === 'string') span.setAttribute(key, withoutValues(value, system));
      }
      if (system === undefined) return;
      for (const event of span.events) Object.assign(event, { attributes: exceptionWithoutValues(event.attributes) });
      const { code, message } = span.status;
      if (message !== undefined) span.setStatus({ code, message: errorWithoutValues(message) });
    },
    onEnd: () => undefined,
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  };
}
