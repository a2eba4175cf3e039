import type { LogFigures } from '../log/file-log-writer.js';
import { Signal } from '../log/log-record.js';
import type { RefusalReason } from '../receive/refusal.js';
import type { RefusedSender } from './refused-senders.js';

/** What came of one signal; only grows. */
export interface SignalCounts {
  requests: number;
  /** On the wire. */
  bytes: number;
  refused: number;
  rejectedItems: number;
  duplicates: number;
}

/** Counters of the intake since its start; everything but `log` only grows. */
export interface IngestFigures {
  startedMs: number;
  pid: number;
  requests: { otlp: number; bulk: number };
  /** Acknowledged items. */
  items: { spans: number; logs: number; metricPoints: number };
  signals: { traces: SignalCounts; logs: SignalCounts; metrics: SignalCounts };
  /** On the wire, after decompression, and as handed to the log. */
  bytes: { received: number; plain: number; logged: number };
  /** Requests turned away. */
  refusals: Partial<Record<RefusalReason, number>>;
  /** The same by the service that sent them. */
  refusedSenders: RefusedSender[];
  /** Bad items among good ones. */
  rejectedItems: number;
  duplicates: number;
  redactedValues: number;
  truncatedValues: number;
  absurdTimes: number;
  /** Connections closed because there were too many. */
  closedConnections: { too_many: number; stalled: number };
  log: LogFigures;
}

export type IngestCounts = Omit<IngestFigures, 'log' | 'refusedSenders'>;

export function newCounts(): IngestCounts {
  return {
    startedMs: Date.now(),
    pid: process.pid,
    requests: { otlp: 0, bulk: 0 },
    items: { spans: 0, logs: 0, metricPoints: 0 },
    signals: { traces: noCounts(), logs: noCounts(), metrics: noCounts() },
    bytes: { received: 0, plain: 0, logged: 0 },
    refusals: {},
    rejectedItems: 0,
    duplicates: 0,
    redactedValues: 0,
    truncatedValues: 0,
    absurdTimes: 0,
    closedConnections: { too_many: 0, stalled: 0 },
  };
}

function noCounts(): SignalCounts {
  return { requests: 0, bytes: 0, refused: 0, rejectedItems: 0, duplicates: 0 };
}

/** Key of a signal's counts. */
export const SIGNAL_NAMES = { [Signal.traces]: 'traces', [Signal.logs]: 'logs', [Signal.metrics]: 'metrics' } as const;
