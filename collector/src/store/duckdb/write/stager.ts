import { setImmediate as nextTurn } from 'node:timers/promises';
import { decodeLogs } from '../../../decode/decode-logs.js';
import { decodeMetrics } from '../../../decode/decode-metrics.js';
import { createTraceDecoder, type decodeTraces } from '../../../decode/decode-traces.js';
import { type LogRecord, Signal } from '../../../log/log-record.js';
import { plainBody } from '../../../log/plain-body.js';
import { projectLogs } from '../../../project/project-logs.js';
import { projectMetrics } from '../../../project/project-metrics.js';
import { projectTraces } from '../../../project/project-traces.js';
import type { Projection } from '../../../project/projection.js';
import type { SagaDefinition } from '../../../project/saga/definition.js';
import type { DeadLetters } from '../../dead-letters.js';
import type { WriteReport } from '../../store.js';
import type { Dictionary } from './dictionary.js';
import { Extent } from './extent.js';
import { MergedProjection } from './merged-projection.js';
import type { Backlog } from './staged-batch.js';
import type { Staging } from './staging.js';

/**
 * Rows after which a commit is begun: some of DuckDB's row groups (122,880 rows), because whole ones go straight to the
 * file while less is written to DuckDB's own log first.
 */
const MAX_ROWS = 300_000;

/** How long this thread is kept from answering questions. */
const TURN_MS = 4;

export interface StagedRun {
  /** How many of the records were staged; the others belong to the next commit. */
  taken: number;
  extents: Map<number, Extent>;
  traceIds: string[];
  report: WriteReport;
}

/** Decodes records and stages what they hold. A record that can not be decoded is set aside; the others go on. */
export async function stageRun(
  records: readonly LogRecord[],
  staging: Staging,
  backlog: Backlog,
  dictionary: Dictionary,
  definitions: SagaDefinition[],
  deadLetters: DeadLetters,
): Promise<StagedRun> {
  const extents = new Map<number, Extent>([
    [Signal.traces, new Extent()],
    [Signal.logs, new Extent()],
    [Signal.metrics, new Extent()],
  ]);
  const merged = new MergedProjection();
  const report: WriteReport = { spans: 0, logs: 0, metricPoints: 0, deadLetters: 0 };
  // A request is staged before the next is decoded, so that all use the same memory.
  const decodeSpans = createTraceDecoder();
  let turnBegan = performance.now();
  let taken = 0;
  for (const record of records) {
    if (taken > 0 && report.spans + report.logs + report.metricPoints >= MAX_ROWS) break;
    taken += 1;
    let store: () => Projection;
    try {
      store = decoded(record, decodeSpans, staging, dictionary, extents, definitions, report);
    } catch (error) {
      await deadLetters.add(record, error instanceof Error ? error.message : String(error));
      report.deadLetters += 1;
      continue;
    }
    merged.add(store());
    if (performance.now() - turnBegan > TURN_MS) {
      // Questions are answered on this thread too: let them in between requests.
      await nextTurn();
      turnBegan = performance.now();
    }
    await backlog.room();
  }
  const projection = merged.result();
  staging.projections.add(projection);
  staging.dictionaries.add(dictionary, extents);
  return { taken, extents, report, traceIds: projection.traces.map((trace) => trace.traceId) };
}

/** Decodes a record, and returns what stages it: nothing of a record that does not decode is staged. */
function decoded(
  record: LogRecord,
  decodeSpans: typeof decodeTraces,
  staging: Staging,
  dictionary: Dictionary,
  extents: Map<number, Extent>,
  definitions: SagaDefinition[],
  report: WriteReport,
): () => Projection {
  const body = plainBody(record);
  const extent = extents.get(record.signal) as Extent;
  switch (record.signal) {
    case Signal.traces: {
      const { columns } = decodeSpans(body);
      const projection = projectTraces(columns, definitions, record.receivedNano);
      return () => {
        staging.spans.add(columns, dictionary, extent);
        report.spans += columns.count;
        return projection;
      };
    }
    case Signal.logs: {
      const { columns } = decodeLogs(body);
      const projection = projectLogs(columns, definitions, record.receivedNano);
      return () => {
        staging.logs.add(columns, record.position, dictionary, extent);
        report.logs += columns.count;
        return projection;
      };
    }
    default: {
      const { columns } = decodeMetrics(body);
      const projection = projectMetrics(columns, record.receivedNano);
      return () => {
        staging.metrics.add(columns, dictionary, extent);
        report.metricPoints += columns.points.count;
        return projection;
      };
    }
  }
}
