import type { FailureKind } from '../api/contract/index.js';

/**
 * What a range of the log says beyond its rows. Projections are pure functions of decoded records: the same records
 * give the same deltas, whoever asks and whenever. Stores write them beside the rows, in the same commit, and merge
 * them when they read; nothing here is ever read, changed and written back.
 */
export interface Projection {
  red: RedDelta[];
  edges: EdgeDelta[];
  traces: TraceDelta[];
  sagas: SagaFact[];
  breakers: BreakerFact[];
  senders: SenderFact[];
}

/**
 * Durations in buckets of base 2^(1/8) nanoseconds: bucket `i` covers (2^(i/8), 2^((i+1)/8)] ns. Quantiles read from it
 * are at most 4.5 % off, and histograms merge by adding counts.
 */
export type DurationBuckets = Map<number, number>;

/** Calls answered, per minute and key. Only server and consumer spans (requests) count; `kind` tells them apart. */
export interface RedDelta {
  minuteMs: number;
  service: string;
  environment: string;
  version: string;
  instance: string;
  host: string;
  language: string;
  track: string;
  operation: string;
  kind: 'server' | 'consumer';
  synthetic: boolean;
  count: number;
  errors: number;
  durations: DurationBuckets;
  lastNano: bigint;
}

/** How two parties are coupled, per minute. Ids are `kind:name` as in the map's nodes. */
export interface EdgeDelta {
  minuteMs: number;
  source: string;
  target: string;
  kind: 'sync' | 'async' | 'database' | 'external';
  /** db.system.name or messaging.system of the node that has one. */
  system: string;
  environment: string;
  synthetic: boolean;
  /** Which side told: a server span that knows its caller makes a whole edge; a client span alone may be one half. */
  side: 'client' | 'server';
  count: number;
  errors: number;
  failures: Partial<Record<FailureKind, number>>;
  durations: DurationBuckets;
  /**
   * One call of it. A client span knows only an address; which service answers there is learnt by looking for the
   * server span under this one (see fold-map.ts), so no store ever joins all spans with all spans.
   */
  sample: { traceId: string; spanId: string };
}

/** Part of a trace seen in one range of the log; summaries are the merge of all parts. */
export interface TraceDelta {
  /** 32 hex digits. */
  traceId: string;
  startNano: bigint;
  endNano: bigint;
  spans: number;
  errors: number;
  /** Null when the root span is not in this part. */
  root: { service: string; name: string; startNano: bigint; durationNano: bigint } | null;
  services: { service: string; spans: number; errors: number; firstNano: bigint }[];
  environment: string;
  correlationId: string;
  sagaId: string;
  synthetic: boolean;
  syntheticCheck: string;
}

/** One thing that was said about a saga. Facts are appended and folded at read, in any order, repeats harmless. */
export interface SagaFact {
  sagaId: string;
  sagaName: string;
  sagaVersion: string;
  type: 'orchestration' | 'choreography' | 'unknown';
  /**
   * `step`: an attempt with start, end and outcome (from a span). The others are moments:
   * `started | step.started | step.succeeded | step.failed | step.compensating | step.compensated | awaiting_person |
   * completed | compensated | failed`.
   */
  event: string;
  step: string;
  stepKind: 'action' | 'compensation';
  stepIndex: number;
  attempt: number;
  outcome: 'succeeded' | 'failed' | 'skipped' | 'running' | '';
  failureKind: 'business' | 'technical' | '';
  message: string;
  timeNano: bigint;
  endNano: bigint;
  sequence: number;
  service: string;
  environment: string;
  traceId: string;
  spanId: string;
  correlationId: string;
  synthetic: boolean;
}

/** One statement about a breaker: a transition, a periodic restatement, or calls by outcome. */
export interface BreakerFact {
  kind: 'transition' | 'state' | 'calls';
  name: string;
  service: string;
  instance: string;
  environment: string;
  target: string;
  library: string;
  timeNano: bigint;
  state: string;
  previous: string;
  reason: string;
  failureRatio: number | null;
  /** For `calls`: how many by outcome; `cumulative` counts since the sender's start, else since its last report. */
  outcome: string;
  count: number;
  cumulative: boolean;
  /** Where it was said. Calls told by spans only count for breakers that report no metric. */
  source: 'span' | 'log' | 'metric';
  traceId: string;
}

/** Who sends: one per service, SDK and version in a batch. */
export interface SenderFact {
  service: string;
  environment: string;
  sdk: string;
  sdkVersion: string;
  language: string;
  lastNano: bigint;
}
