import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { FileLogWriter } from '../log/file-log-writer.js';
import { localSocket } from '../log/local-socket.js';
import { createProcessor } from '../process/process-body.js';
import { type IntakeObserver, startIntakeServer } from '../receive/intake-server.js';
import { type StepTrace, untraced } from '../self/step-trace.js';
import { FairShares } from './fair-shares.js';
import { startFiguresServer } from './figures-server.js';
import type { IngestConfig } from './ingest-config.js';
import { type IngestCounts, type IngestFigures, newCounts, SIGNAL_NAMES } from './ingest-figures.js';
import { ingestMetrics } from './ingest-metrics.js';
import { RateLimits } from './rate-limits.js';
import { RefusedSenders } from './refused-senders.js';
import { createIntake } from './take.js';

export interface IngestDependencies {
  /** Folder of everything the collector keeps; the log is `log/` in it, the figures are at {@link figuresSocket}. */
  dataDir: string;
  logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  steps?: StepTrace;
  /** Aborted to stop: no new requests, those under way are finished, the log is synced and closed. */
  signal: AbortSignal;
}

/** The running intake. */
export interface RunningIngest {
  port: number;
  figures(): IngestFigures;
  /** Resolves once everything is closed, after the signal. */
  stopped: Promise<void>;
}

/** Where the log of a data directory lies: what a store process opens its reader on. */
export function logDirectory(dataDir: string): string {
  return join(dataDir, 'log');
}

/** Where the intake of a data directory answers questions about itself. */
export function figuresSocket(dataDir: string): string {
  return localSocket(dataDir, 'ingest');
}

/**
 * Starts the ingest process: receivers, checks, redaction, log.
 * @throws LogError when the log is another process's or of a newer version; the system's error when a port is taken.
 */
export async function runIngest(config: IngestConfig, deps: IngestDependencies): Promise<RunningIngest> {
  const { dataDir, logger, signal, steps = untraced } = deps;
  await mkdir(dataDir, { recursive: true });
  const log = await FileLogWriter.open({
    directory: logDirectory(dataDir),
    maxBytes: config.log.max_bytes,
    segmentBytes: Math.min(config.log.segment_bytes, Math.ceil(config.log.max_bytes / 4)),
    minFreeBytes: config.log.min_free_bytes,
    dedupeMs: config.log.dedupe_ms,
    warn: (line) => logger.warn(line),
    steps,
  });
  const counts = newCounts();
  const refusedSenders = new RefusedSenders();
  const figures = (): IngestFigures => ({ ...counts, refusedSenders: refusedSenders.all(), log: log.figures() });
  const closing: (() => Promise<void>)[] = [() => log.close()];
  const closeAll = async () => {
    for (const close of closing.reverse()) await close();
  };
  try {
    const figuresServer = await startFiguresServer(figuresSocket(dataDir), figures, ingestMetrics(figures));
    closing.push(() => figuresServer.close());
    const processor = createProcessor({
      redact: config.redact.enabled,
      redactKeys: config.redact.keys,
      maxAttributeBytes: config.max_attribute_bytes,
      maxLogBodyBytes: config.max_log_body_bytes,
    });
    const server = await startIntakeServer(
      {
        host: config.host,
        port: config.otlp_port,
        limits: {
          maxBytes: config.max_body_bytes,
          maxInflatedBytes: config.max_inflated_bytes,
          maxJsonBytes: config.max_json_bytes,
        },
        maxInFlightBytes: config.max_in_flight_bytes,
        maxConnections: config.max_connections,
        headersTimeoutMs: config.headers_timeout_ms,
        requestTimeoutMs: config.request_timeout_ms,
        corsOrigins: config.cors_origins,
      },
      createIntake(log, processor, counts, {
        shares: new FairShares(() => log.figures()),
        rates: new RateLimits(config.limits.service_bytes_per_second, config.limits.services),
      }),
      observe(counts, refusedSenders, logger, steps),
    );
    closing.push(() => server.close());
    return { port: server.port, figures, stopped: aborted(signal).then(closeAll) };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

function observe(
  counts: IngestCounts,
  refusedSenders: RefusedSenders,
  logger: IngestDependencies['logger'],
  steps: StepTrace,
): IntakeObserver {
  return {
    request(transport, signal, bytes) {
      steps('intake.answering', 0);
      const ofSignal = counts.signals[SIGNAL_NAMES[signal]];
      ofSignal.requests++;
      ofSignal.bytes += bytes;
      counts.requests[transport]++;
      counts.bytes.received += bytes;
    },
    refused(reason, sender, signal) {
      if (signal !== undefined) counts.signals[SIGNAL_NAMES[signal]].refused++;
      counts.refusals[reason] = (counts.refusals[reason] ?? 0) + 1;
      refusedSenders.count(sender, reason, Date.now());
    },
    itemsRejected(count) {
      counts.rejectedItems += count;
      counts.signals.logs.rejectedItems += count;
    },
    connectionClosed(reason) {
      counts.closedConnections[reason]++;
    },
    failed(error) {
      logger.error({ err: error }, 'a request could not be taken');
    },
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
