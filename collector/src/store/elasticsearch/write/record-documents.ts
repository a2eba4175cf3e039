import { gunzipSync } from 'node:zlib';
import { decodeLogs } from '../../../decode/decode-logs.js';
import { decodeMetrics } from '../../../decode/decode-metrics.js';
import { createTraceDecoder } from '../../../decode/decode-traces.js';
import { BodyEncoding, type LogRecord, Signal } from '../../../log/log-record.js';
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

/** Longest body that a record may unpack to: ingest has checked it against a lower limit. */
const LARGEST_BODY = 256 * 1024 * 1024;
const LEAST_PIECE = 4 * 1024;
const LARGEST_PIECE = 4 * 1024 * 1024;

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
    const { body, encoding } = record;
    return decode(encoding === BodyEncoding.gzip ? unpacked(body) : body).columns;
  } catch (error) {
    throw new StoreError('record_unstorable', `The record at ${record.position} can not be read: ${String(error)}`, {
      retryable: false,
      cause: error,
    });
  }
}

/** Telemetry packs about six to one: with pieces of that size there is mostly one, and nothing to put together. */
function unpacked(body: Uint8Array): Uint8Array {
  const chunkSize = Math.min(LARGEST_PIECE, Math.max(LEAST_PIECE, body.length * 10));
  return gunzipSync(body, { maxOutputLength: LARGEST_BODY, chunkSize });
}
