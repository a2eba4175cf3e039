import type {
  AggregateResult,
  BreakerList,
  FieldList,
  FieldValues,
  LogHistogram,
  LogList,
  LogRow,
  MetricList,
  MetricResult,
  SagaDetail,
  SagaFunnel,
  SagaList,
  ServiceDetail,
  ServiceList,
  ServiceMap,
  SpanDetail,
  Trace,
  TraceHistogram,
  TraceList,
  TraceSpans,
} from '../api/contract/index.js';
import type { LogPosition, LogRecord } from '../log/log-record.js';
import type * as Question from './question.js';

/**
 * What a store promises. The tail of the log is handed only the writer and the API only the reader, so neither can
 * lean on a particular backend. These comments are the contract; test/contract/store.contract.ts holds every store to
 * them, on real DuckDB files and on a real Elasticsearch.
 */
export interface TelemetryWriter {
  /** Position up to which everything is stored: where tailing begins after a start, and after a write that failed. */
  cursor(): Promise<LogPosition>;
  /**
   * Stores the records with all their projections. Resolves once they would survive a crash, never earlier: the log is
   * released up to the last record's `next` on resolve. Rows and projections become visible together per slice.
   * Accepts the same records again, cut into other batches too: a crash between store and cursor makes the tail send
   * them twice, and nothing may count twice. The slice of a record is decided by its `receivedNano`, nothing else.
   * Calls may overlap, in the order of the log. After one failed, what is handed over behind it may be refused until
   * `cursor` was asked: storing it would leave a hole.
   * @throws StoreError; `retryable` decides whether the tail waits and sends again or sets the record aside.
   */
  write(records: LogRecord[], signal: AbortSignal): Promise<WriteReport>;
  close(): Promise<void>;
}

export interface WriteReport {
  spans: number;
  logs: number;
  metricPoints: number;
  /** Items the backend refused for good; they are in its dead-letter place with the reason. */
  deadLetters: number;
}

/**
 * Questions arrive validated, with resolved ranges and parsed filters; answers are the API's own types.
 * Every method rejects with a StoreError of code `store_cannot` when this store can not answer, never an empty list.
 * `signal` aborts the work behind the answer, too.
 */
export interface TelemetryReader {
  services(question: Question.Services, signal: AbortSignal): Promise<ServiceList>;
  /** Null when nothing is known of the service within retention. */
  service(question: Question.Service, signal: AbortSignal): Promise<ServiceDetail | null>;
  map(question: Question.Services, signal: AbortSignal): Promise<ServiceMap>;
  traces(question: Question.Traces, signal: AbortSignal): Promise<TraceList>;
  traceHistogram(question: Question.TraceHistogram, signal: AbortSignal): Promise<TraceHistogram>;
  /** By id, without a time range. */
  trace(traceId: string, signal: AbortSignal): Promise<Trace | null>;
  span(traceId: string, spanId: string, signal: AbortSignal): Promise<SpanDetail | null>;
  traceSpans(traceId: string, limit: number, signal: AbortSignal): Promise<TraceSpans | null>;
  traceLogs(traceId: string, signal: AbortSignal): Promise<LogList>;
  logs(question: Question.Logs, signal: AbortSignal): Promise<LogList>;
  logHistogram(question: Question.LogHistogram, signal: AbortSignal): Promise<LogHistogram>;
  /**
   * Log lines that were stored after `after` (null: from now on), oldest first, at most `limit`; `next` is what to ask
   * with the next time. Order is that of arrival, so a late line is still seen.
   */
  logsSince(
    question: Question.LogsSince,
    signal: AbortSignal,
  ): Promise<{ logs: LogRow[]; next: string; dropped: number }>;
  aggregate(question: Question.Aggregate, signal: AbortSignal): Promise<AggregateResult>;
  fields(question: Question.Fields, signal: AbortSignal): Promise<FieldList>;
  fieldValues(question: Question.FieldValues, signal: AbortSignal): Promise<FieldValues>;
  metrics(question: Question.Metrics, signal: AbortSignal): Promise<MetricList>;
  metricQuery(question: Question.Metric, signal: AbortSignal): Promise<MetricResult>;
  sagas(question: Question.Sagas, signal: AbortSignal): Promise<SagaList>;
  sagaFunnel(question: Question.SagaFunnel, signal: AbortSignal): Promise<SagaFunnel>;
  saga(sagaId: string, signal: AbortSignal): Promise<SagaDetail | null>;
  breakers(question: Question.Breakers, signal: AbortSignal): Promise<BreakerList>;
  /** Figures of what is stored. */
  storage(signal: AbortSignal): Promise<StorageFigures>;
}

export interface StorageFigures {
  slices: number;
  bytes: number;
  spans: number;
  logs: number;
  metricPoints: number;
  /** Nanoseconds since the epoch as text; null while empty. */
  oldest: string | null;
  newest: string | null;
  deadLetters: number;
  /** Newest first, as many as are sensible to list. */
  senders: {
    service: string;
    sdk: string;
    sdk_version: string;
    language: string;
    /** Of the service, lately; null where that is not known. */
    instances: number | null;
    last_seen: string;
  }[];
  sendersCapped: boolean;
}

export type StoreErrorCode =
  /** This backend has not got the means: say which and what to do. */
  | 'store_cannot'
  /** The backend does not answer; it may later. */
  | 'store_unavailable'
  /** A record that can never be stored. */
  | 'record_unstorable'
  /** The question asks for what the signal cannot have; asking again changes nothing. */
  | 'question_invalid'
  /** Another process has the files. */
  | 'store_locked'
  /** The question would cost more than the limits allow. */
  | 'question_too_large'
  /** The cursor was not made by this store for this question. */
  | 'cursor_invalid'
  /** Files or indices of a newer version of Orrery. */
  | 'format_newer'
  | 'store_failed';

export class StoreError extends Error {
  readonly code: StoreErrorCode;
  readonly retryable: boolean;

  constructor(code: StoreErrorCode, message: string, options: { retryable: boolean; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.name = 'StoreError';
    this.code = code;
    this.retryable = options.retryable;
  }
}
