import type { SignalFigures } from '../contract/index.js';

/** What the ingest process says of itself. */
export interface IngestHealth {
  signals: { traces: SignalFigures; logs: SignalFigures; metrics: SignalFigures };
  refusals: Record<string, number>;
  refusedSenders: { service: string; reason: string; requests: number; lastMs: number }[];
  /** `end` and `released` are positions: what lies between is not stored yet, or not known to be. */
  log: { bytes: number; limitBytes: number; end: number; released: number };
  /** Null when it takes everything; else the reason it refuses, with what to do. */
  trouble: string | null;
}

/** What the store process says of itself. */
export interface StoreHealth {
  lagBytes: number;
  lagMs: number;
  /** Bytes of the log that could not be read and were set aside, since the process began. */
  damagedBytes: number;
  /** Null when it stores and answers; else what is wrong. */
  trouble: string | null;
}

/** How the api process asks the others. Each rejects, with a sentence, when the process does not answer. */
export interface SystemHealth {
  ingest(signal: AbortSignal): Promise<IngestHealth>;
  store(signal: AbortSignal): Promise<StoreHealth>;
  /** What the intake counts, as Prometheus text; empty when it does not answer. */
  ingestMetrics(signal: AbortSignal): Promise<string>;
  /** Only where Elasticsearch is the store. */
  elasticsearch?(signal: AbortSignal): Promise<void>;
}
