import type { Scope } from './scope.js';

/** OTLP `AnyValue` as plain JavaScript. Cycles and functions are the caller's to remove. */
export type LogValue =
  | string
  | number
  | boolean
  | bigint
  | null
  | undefined
  | Uint8Array
  | readonly LogValue[]
  | LogMap;
export interface LogMap {
  readonly [key: string]: LogValue;
}

/** OTel log data model. What belongs to the context (ids, saga) is added by the recorder. */
export interface LogRecord {
  readonly scope: Scope;
  /** Milliseconds since 1970, fractions allowed. Default: now. */
  readonly timeMs?: number;
  /** 1–24, see `severityOf…` of the loggers. 0 or absent: unspecified. */
  readonly severityNumber?: number;
  readonly severityText?: string | undefined;
  readonly body?: LogValue;
  /** Name of an event (`circuit_breaker.state_change`, `saga.started`); absent for a log line. */
  readonly eventName?: string;
  readonly attributes?: LogMap;
  /** Body and attributes as a logger wrote them, instead of those above. */
  readonly line?: JsonLine;
}

/** A line of JSON, with a line feed or without; a text that is none is the body. */
export interface JsonLine {
  readonly text: string;
  /** Which field is the message. */
  readonly messageKey: string;
  /** Which field is an error, as a serializer wrote it. */
  readonly errorKey: string;
}
