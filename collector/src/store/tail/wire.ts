/**
 * How `api` and `store` talk: HTTP/1.1 over a unix socket, one POST per question with its arguments as JSON. An answer
 * is 200 with JSON, or 500 with `{code, message, retryable}`. Hanging up aborts the question.
 */
export const QUESTION_PATH = '/question/';
export const HEALTH_PATH = '/health';

/** Methods of a TelemetryReader, with how many arguments each takes before the signal. */
export const QUESTIONS = {
  services: 1,
  service: 1,
  map: 1,
  traces: 1,
  traceHistogram: 1,
  trace: 1,
  span: 2,
  traceSpans: 2,
  traceLogs: 1,
  logs: 1,
  logHistogram: 1,
  logsSince: 1,
  aggregate: 1,
  fields: 1,
  fieldValues: 1,
  metrics: 1,
  metricQuery: 1,
  sagas: 1,
  sagaFunnel: 1,
  saga: 1,
  breakers: 1,
  storage: 0,
} as const;

export const LETTERS_PATH = '/dead-letters/';

/** Methods of a LetterDesk, likewise. */
export const LETTER_QUESTIONS = { list: 1, show: 1, replay: 1, drop: 1 } as const;

/**
 * POST with the folder to copy into: lines of JSON, progress and at last `{"done":true}` or a {@link WireFault}. It needs
 * no more rights than the data directory, which whoever opens the socket has.
 */
export const SNAPSHOT_PATH = '/snapshot';

export interface WireFault {
  code: string;
  message: string;
  retryable: boolean;
}

export interface StoreProcessHealth {
  lagBytes: number;
  /** How long the oldest request that is not stored yet has waited, as far as is known. */
  lagMs: number;
  /** Bytes of the log that could not be read and were set aside, since the process began. */
  damagedBytes: number;
  /** Null when it stores and answers; else what is wrong. */
  trouble: string | null;
}
