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
import type { AddRows } from './document-batch.js';
import { logDocuments } from './log-documents.js';
import { pointDocuments } from './metric-documents.js';
import type { Slice } from './slice.js';
import { spanDocuments } from './span-documents.js';

/** A record, read: its items as documents to be, and what it says beyond them. */
export interface RecordDocuments {
  items: number;
  addRows: AddRows;
  projection: Projection;
}

/**
 * Reads a record. What was read is good until the next one is.
 * @throws StoreError `record_unstorable` when the body is not what the record says it is
 */
export type ReadRecord = (record: LogRecord, slice: ItemIndices, definitions: SagaDefinition[]) => RecordDocuments;

type ItemIndices = Pick<Slice, 'spans' | 'logs' | 'metrics'>;

/** For the records of one log, one after the other. */
export function createReadRecord(log: string): ReadRecord {
  const decodeTraces = createTraceDecoder();
  return (record, slice, definitions) => {
    const { position, receivedNano } = record;
    switch (record.signal) {
      case Signal.traces: {
        const columns = readable(record, decodeTraces);
        const addRows = spanDocuments(slice.spans, columns, log, position);
        return { items: columns.count, addRows, projection: projectTraces(columns, definitions, receivedNano) };
      }
      case Signal.logs: {
        const columns = readable(record, decodeLogs);
        const addRows = logDocuments(slice.logs, columns, log, position);
        return { items: columns.count, addRows, projection: projectLogs(columns, definitions, receivedNano) };
      }
      case Signal.metrics: {
        const columns = readable(record, decodeMetrics);
        const addRows = pointDocuments(slice.metrics, columns, log, position);
        return { items: columns.points.count, addRows, projection: projectMetrics(columns, receivedNano) };
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
