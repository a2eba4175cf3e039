import { decodeLogs } from '../decode/decode-logs.js';
import { decodeMetrics } from '../decode/decode-metrics.js';
import { createTraceDecoder, type decodeTraces } from '../decode/decode-traces.js';
import { BodyEncoding, Signal } from '../log/log-record.js';
import type { LogWriter } from '../log/log-writer.js';
import type { Processor } from '../process/process-body.js';
import type { Delivery, Intake, Receipt } from '../receive/intake.js';
import type { DecodeReport } from '../telemetry/span-columns.js';
import { type IngestCounts, SIGNAL_NAMES } from './ingest-figures.js';

/** Decode, process, log: the path of every delivery, whatever it came by. */
export function createIntake(log: LogWriter, processor: Processor, counts: IngestCounts): Intake {
  // Columns are read before the first wait, so every request may use the same memory.
  const decodeSpans = createTraceDecoder();
  return {
    async take(delivery: Delivery): Promise<Receipt> {
      const receivedNano = BigInt(Date.now()) * 1_000_000n;
      const { accepted, report, process } = check(delivery, decodeSpans, processor, receivedNano);
      counts.bytes.plain += delivery.plain.length;
      const ofSignal = counts.signals[SIGNAL_NAMES[delivery.signal]];
      counts.rejectedItems += report.rejected;
      ofSignal.rejectedItems += report.rejected;
      if (accepted === 0) return { accepted, ...report, duplicate: false };
      const outcome = process();
      counts.redactedValues += outcome.redacted;
      counts.truncatedValues += outcome.truncated;
      counts.absurdTimes += outcome.absurdTimes;
      const stored =
        outcome.bytes === null
          ? { encoding: delivery.encoding, body: delivery.stored }
          : { encoding: BodyEncoding.identity, body: outcome.bytes };
      const { duplicate } = await log.append({
        signal: delivery.signal,
        tenant: delivery.tenant,
        receivedNano,
        ...stored,
      });
      if (duplicate) {
        counts.duplicates++;
        ofSignal.duplicates++;
      } else {
        counts.bytes.logged += stored.body.length;
        counts.items[ITEMS[delivery.signal]] += accepted;
      }
      return { accepted, ...report, duplicate };
    },
  };
}

const ITEMS = { [Signal.traces]: 'spans', [Signal.logs]: 'logs', [Signal.metrics]: 'metricPoints' } as const;

interface Checked {
  accepted: number;
  report: DecodeReport;
  process: () => ReturnType<Processor['traces']>;
}

function check(
  { signal, plain }: Delivery,
  decodeSpans: typeof decodeTraces,
  processor: Processor,
  receivedNano: bigint,
): Checked {
  if (signal === Signal.traces) {
    const { columns, report } = decodeSpans(plain);
    return { accepted: columns.count, report, process: () => processor.traces(columns, receivedNano) };
  }
  if (signal === Signal.logs) {
    const { columns, report } = decodeLogs(plain);
    return { accepted: columns.count, report, process: () => processor.logs(columns, receivedNano) };
  }
  const { columns, report } = decodeMetrics(plain);
  return { accepted: columns.points.count, report, process: () => processor.metrics(columns) };
}
