import type { DeadLetters } from '../../dead-letters.js';
import type { TelemetryReader } from '../../store.js';
import type { ReadContext } from './context.js';
import { readAggregate } from './read-aggregate.js';
import { readBreakers } from './read-breakers.js';
import { readFields, readFieldValues } from './read-fields.js';
import { readLogHistogram, readLogs, readLogsSince } from './read-logs.js';
import { readMap } from './read-map.js';
import { readMetric, readMetrics } from './read-metrics.js';
import { readSaga, readSagaFunnel, readSagas } from './read-sagas.js';
import { readService, readServices } from './read-services.js';
import { readSpan, readTraceSpans } from './read-spans.js';
import { readStorage } from './read-storage.js';
import { readTrace, readTraceLogs } from './read-trace.js';
import { readTraceHistogram, readTraces } from './read-traces.js';

/** Answers from the slices; each question is a file of its own. */
export function storeReader(context: ReadContext, deadLetters: DeadLetters): TelemetryReader {
  return {
    services: (question, signal) => readServices(context, question, signal),
    service: (question, signal) => readService(context, question, signal),
    map: (question, signal) => readMap(context, question, signal),
    traces: (question, signal) => readTraces(context, question, signal),
    traceHistogram: (question, signal) => readTraceHistogram(context, question, signal),
    trace: (traceId, signal) => readTrace(context, traceId, signal),
    span: (traceId, spanId, signal) => readSpan(context, traceId, spanId, signal),
    traceSpans: (traceId, limit, signal) => readTraceSpans(context, traceId, limit, signal),
    traceLogs: (traceId, signal) => readTraceLogs(context, traceId, signal),
    logs: (question, signal) => readLogs(context, question, signal),
    logHistogram: (question, signal) => readLogHistogram(context, question, signal),
    logsSince: (question, signal) => readLogsSince(context, question, signal),
    aggregate: (question, signal) => readAggregate(context, question, signal),
    fields: (question, signal) => readFields(context, question, signal),
    fieldValues: (question, signal) => readFieldValues(context, question, signal),
    metrics: (question, signal) => readMetrics(context, question, signal),
    metricQuery: (question, signal) => readMetric(context, question, signal),
    sagas: (question, signal) => readSagas(context, question, signal),
    sagaFunnel: (question, signal) => readSagaFunnel(context, question, signal),
    saga: (sagaId, signal) => readSaga(context, sagaId, signal),
    breakers: (question, signal) => readBreakers(context, question, signal),
    storage: (signal) => readStorage(context, deadLetters.count, signal),
  };
}
