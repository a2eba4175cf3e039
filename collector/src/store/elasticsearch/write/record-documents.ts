import { decodeLogs } from '../../../decode/decode-logs.js';
import { decodeMetrics } from '../../../decode/decode-metrics.js';
import { createTraceDecoder } from '../../../decode/decode-traces.js';
import { type LogRecord, Signal } from '../../../log/log-record.js';
import { plainBody } from '../../../log/plain-body.js';
import { projectLogs } from '../../../project/project-logs.js';
import { projectMetrics } from '../../../project/project-metrics.js';
import { projectTraces } from '../../../project/project-traces.js';
import type { Projection } from '../../../project/projection.js';
import type { SagaDefinition } from '../../../project/saga/definition.js';
import { StoreError } from '../../store.js';
import type { DocumentBatch } from './document-batch.js';
import { addLogs } from './log-documents.js';
import { addMetricPoints } from './metric-documents.js';
import type { Slice } from './slice.js';
import { addSpans } from './span-documents.js';

/**
 * Writes the documents of a record's items, and returns what the record says beyond them.
 * @throws StoreError `record_unstorable` when the body is not what the record says it is; nothing was written then
 */
export type AddRecord = (
  record: LogRecord,
  slice: Slice,
  definitions: SagaDefinition[],
  batchFor: () => DocumentBatch,
) => { projection: Projection; items: number };

/** For the records of one log, one after the other. */
export function createAddRecord(log: string): AddRecord {
  const decodeTraces = createTraceDecoder();
  return (record, slice, definitions, batchFor) => {
    const { position, receivedNano } = record;
    switch (record.signal) {
      case Signal.traces: {
        const columns = readable(record, decodeTraces);
        addSpans(slice.spans, columns, log, position, batchFor);
        return { projection: projectTraces(columns, definitions, receivedNano), items: columns.count };
      }
      case Signal.logs: {
        const columns = readable(record, decodeLogs);
        addLogs(slice.logs, columns, log, position, batchFor);
        return { projection: projectLogs(columns, definitions, receivedNano), items: columns.count };
      }
      case Signal.metrics: {
        const columns = readable(record, decodeMetrics);
        addMetricPoints(slice.metrics, columns, log, position, batchFor);
        return { projection: projectMetrics(columns, receivedNano), items: columns.points.count };
      }
    }
  };
}

/** Only what the body is to blame for makes a record unstorable; a fault of ours is none, and is tried again. */
function readable<Columns>(record: LogRecord, decode: (bytes: Uint8Array) => { columns: Columns }): Columns {
  try {
    return decode(plainBody(record)).columns;
  } catch (error) {
    throw new StoreError('record_unstorable', `The record at ${record.position} can not be read: ${String(error)}`, {
      retryable: false,
      cause: error,
    });
  }
}
