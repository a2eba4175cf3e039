import type { Client } from '@elastic/elasticsearch';
import type { SagaDefinition } from '../../../project/saga/definition.js';
import type { SagaCaps } from '../../answers/saga-caps.js';
import type { TelemetryReader } from '../../store.js';
import type { IndexNames } from '../indices.js';
import { readAggregate } from './aggregate-reader.js';
import { readBreakers } from './breaker-reader.js';
import { readFields, readFieldValues } from './field-reader.js';
import { readLogHistogram, readLogs, readTraceLogs } from './log-reader.js';
import { readLogsSince } from './log-tail.js';
import { readMap } from './map-reader.js';
import { readMetric, readMetrics } from './metric-reader.js';
import { SAGA_CAPS } from './saga-facts.js';
import { readSaga, readSagaFunnel, readSagas } from './saga-reader.js';
import { Search } from './search.js';
import { readService, readServices } from './service-reader.js';
import { readSpan, readTrace, readTraceSpans } from './span-reader.js';
import { readStorage } from './storage-reader.js';
import { readTraceHistogram, readTraces } from './trace-reader.js';

export interface ReaderParts {
  client: Client;
  names: IndexNames;
  definitions: () => SagaDefinition[];
  now?: () => number;
  sagaCaps?: SagaCaps;
}

/** Answers questions from the indices; holds no state of its own. */
export function createElasticsearchReader({
  client,
  names,
  definitions,
  now = Date.now,
  sagaCaps = SAGA_CAPS,
}: ReaderParts): TelemetryReader {
  const search = new Search(client, names);
  const facts = { search, caps: sagaCaps };
  return {
    services: (question, signal) => readServices(search, question, signal),
    service: (question, signal) => readService(search, question, signal),
    map: (question, signal) => readMap(search, question, signal),
    traces: (question, signal) => readTraces(search, question, signal),
    traceHistogram: (question, signal) => readTraceHistogram(search, question, signal),
    trace: (traceId, signal) => readTrace(search, traceId, signal),
    span: (traceId, spanId, signal) => readSpan(search, traceId, spanId, signal),
    traceSpans: (traceId, limit, signal) => readTraceSpans(search, traceId, limit, signal),
    traceLogs: (traceId, signal) => readTraceLogs(search, traceId, signal),
    logs: (question, signal) => readLogs(search, question, signal),
    logHistogram: (question, signal) => readLogHistogram(search, question, signal),
    logsSince: (question, signal) => readLogsSince(search, question, signal),
    aggregate: (question, signal) => readAggregate(facts, definitions(), question, signal),
    fields: (question, signal) => readFields(search, question, signal),
    fieldValues: (question, signal) => readFieldValues(facts, definitions(), question, signal),
    metrics: (question, signal) => readMetrics(search, question, signal),
    metricQuery: (question, signal) => readMetric(search, question, signal),
    sagas: (question, signal) => readSagas(facts, definitions(), question, signal),
    sagaFunnel: (question, signal) => readSagaFunnel(facts, definitions(), question, signal),
    saga: (sagaId, signal) => readSaga(facts, definitions(), sagaId, now(), signal),
    breakers: (question, signal) => readBreakers(search, question, signal),
    storage: (signal) => readStorage(search, signal),
  };
}
