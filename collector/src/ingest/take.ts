import { decodeLogs } from '../decode/decode-logs.js';
import { decodeMetrics } from '../decode/decode-metrics.js';
import { createTraceDecoder, type decodeTraces } from '../decode/decode-traces.js';
import { LogRefusal } from '../log/log-error.js';
import { BodyEncoding, Signal } from '../log/log-record.js';
import type { LogWriter } from '../log/log-writer.js';
import type { Processor } from '../process/process-body.js';
import type { Delivery, Intake, Receipt } from '../receive/intake.js';
import { Refusal } from '../receive/refusal.js';
import type { DecodeReport } from '../telemetry/span-columns.js';
import type { FairShares } from './fair-shares.js';
import { type IngestCounts, SIGNAL_NAMES } from './ingest-figures.js';
import type { RateLimits } from './rate-limits.js';
import { senderOf } from './sender-of.js';

/** What bounds a sender; without it nobody is bounded. */
export interface SenderBounds {
  shares: FairShares;
  rates: RateLimits;
}

/** Seconds to wait after a refusal that passes by itself, and after one that somebody has to look at. */
const LOG_FULL_SECONDS = 2;
const DISK_FULL_SECONDS = 5;

/** Decode, process, log: the path of every delivery, whatever it came by. */
export function createIntake(
  log: LogWriter,
  processor: Processor,
  counts: IngestCounts,
  bounds: SenderBounds | null = null,
): Intake {
  // Columns are read before the first wait, so every request may use the same memory.
  const decodeSpans = createTraceDecoder();
  return {
    async take(delivery: Delivery): Promise<Receipt> {
      const receivedNano = BigInt(Date.now()) * 1_000_000n;
      const { accepted, report, sender, process } = check(delivery, decodeSpans, processor, receivedNano);
      counts.bytes.plain += delivery.plain.length;
      const ofSignal = counts.signals[SIGNAL_NAMES[delivery.signal]];
      counts.rejectedItems += report.rejected;
      ofSignal.rejectedItems += report.rejected;
      if (accepted === 0) return { accepted, ...report, duplicate: false };
      bounds?.rates.take(sender, delivery.plain.length, performance.now());
      const outcome = process();
      counts.redactedValues += outcome.redacted;
      counts.truncatedValues += outcome.truncated;
      counts.absurdTimes += outcome.absurdTimes;
      const stored =
        outcome.bytes === null
          ? { encoding: delivery.encoding, body: delivery.stored }
          : { encoding: BodyEncoding.identity, body: outcome.bytes };
      const charge = bounds?.shares.take(sender, stored.body.length);
      let duplicate: boolean;
      try {
        ({ duplicate } = await log.append({
          signal: delivery.signal,
          tenant: delivery.tenant,
          receivedNano,
          ...stored,
        }));
      } catch (error) {
        charge?.undo();
        throw asRefusal(error, sender);
      }
      if (duplicate) charge?.undo();
      else charge?.logged();
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

function asRefusal(error: unknown, sender: string): unknown {
  if (!(error instanceof LogRefusal)) return error;
  const retryAfterSeconds = error.code === 'log_full' ? LOG_FULL_SECONDS : DISK_FULL_SECONDS;
  return new Refusal(error.code, 503, error.message, { retryAfterSeconds, sender, cause: error });
}

interface Checked {
  accepted: number;
  /** The service that most of it comes from. */
  sender: string;
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
    const sender = senderOf(columns, columns.resource, columns.count);
    return { accepted: columns.count, report, sender, process: () => processor.traces(columns, receivedNano) };
  }
  if (signal === Signal.logs) {
    const { columns, report } = decodeLogs(plain);
    const sender = senderOf(columns, columns.resource, columns.count);
    return { accepted: columns.count, report, sender, process: () => processor.logs(columns, receivedNano) };
  }
  const { columns, report } = decodeMetrics(plain);
  const sender = senderOf(columns, columns.metrics.resource, columns.metrics.count);
  return { accepted: columns.points.count, report, sender, process: () => processor.metrics(columns) };
}
