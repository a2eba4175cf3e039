import type { Context } from '@opentelemetry/api';
import type { LogRecord as ApiLogRecord, Logger, LoggerProvider } from '@opentelemetry/api-logs';
import type { LogMap, LogRecord } from '../record/log-record.js';
import type { Recorder } from '../record/recorder.js';
import type { Scope } from '../record/scope.js';

/** Where every copy of `@opentelemetry/api-logs` looks for its provider: a function of the version it understands. */
const API = Symbol.for('io.opentelemetry.js.api.logs');
type Holder = { [API]?: (version: number) => LoggerProvider };

/** They send on the lines of loggers that the agent collects itself. */
const SEEN_ANYWAY: ReadonlySet<string> = new Set([
  '@opentelemetry/instrumentation-bunyan',
  '@opentelemetry/instrumentation-pino',
  '@opentelemetry/instrumentation-winston',
  '@opentelemetry/winston-transport',
]);

/** `logs.getLogger(…).emit(…)` of the OpenTelemetry API, over the agent's recorder. */
export function apiLoggerProvider(recorder: Recorder): LoggerProvider {
  return {
    getLogger: (name, version = '', options) => {
      const schemaUrl = options?.schemaUrl;
      const scope: Scope = schemaUrl ? { name, version, schemaUrl } : { name, version };
      const isWanted = recorder.logsEnabled && !SEEN_ANYWAY.has(name);
      const logger: Logger = {
        enabled: () => isWanted,
        emit: (record) => {
          if (isWanted) emit(recorder, scope, record);
        },
      };
      return logger;
    },
  };
}

/** Takes the API's place unless somebody else has it. */
export function ownLogsApi(provider: LoggerProvider): void {
  const holder = globalThis as Holder;
  holder[API] ??= () => provider;
}

/** Leaves the place to the application's own provider, when it is still ours. */
export function yieldLogsApi(provider: LoggerProvider): void {
  const holder = globalThis as Holder;
  if (holder[API]?.(1) === provider) delete holder[API];
}

function emit(recorder: Recorder, scope: Scope, record: ApiLogRecord): void {
  const { timestamp, severityNumber, severityText, body, eventName, exception, context } = record;
  const timeMs = timestamp === undefined ? undefined : millisecondsOf(timestamp);
  const told: LogRecord = {
    scope,
    ...(timeMs === undefined ? {} : { timeMs }),
    ...(severityNumber === undefined ? {} : { severityNumber }),
    ...(severityText === undefined ? {} : { severityText }),
    ...(body === undefined ? {} : { body: body as LogRecord['body'] & {} }),
    ...(eventName === undefined ? {} : { eventName }),
    attributes: { ...exceptionAttributes(exception), ...(record.attributes as LogMap | undefined) },
  };
  recorder.emitLog(told, context as Context | undefined);
}

/** OTel's `TimeInput`: a date, `[seconds, nanoseconds]`, or milliseconds since 1970 or since the process began. */
function millisecondsOf(time: NonNullable<ApiLogRecord['timestamp']>): number | undefined {
  if (time instanceof Date) return time.getTime();
  if (Array.isArray(time)) return time[0] * 1000 + time[1] / 1e6;
  if (typeof time !== 'number' || !Number.isFinite(time)) return undefined;
  return time < performance.timeOrigin ? performance.timeOrigin + time : time;
}

function exceptionAttributes(exception: unknown): LogMap {
  if (exception === undefined) return {};
  if (!(exception instanceof Error)) return { 'exception.message': String(exception) };
  return {
    'exception.type': exception.name,
    'exception.message': exception.message,
    'exception.stacktrace': exception.stack,
  };
}
