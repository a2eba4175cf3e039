import type { LineFacts } from '../context/line-facts.js';
import type { LogMap, LogValue } from '../record/log-record.js';

/**
 * Adds the ids to a finished line of JSON, before its last brace. A line that is not an object, or that says a
 * `trace_id` itself, stays as it is.
 */
export function withIds(line: string, facts: LineFacts): string {
  const brace = line.lastIndexOf('}');
  if (brace < 1 || line.charCodeAt(0) !== 123 || line.includes('"trace_id":')) return line;
  const comma = line.slice(1, brace).trim() === '' ? '' : ',';
  return line.slice(0, brace) + comma + idFields(facts, line) + line.slice(brace);
}

/** Ids are hex or of the alphabet that `acceptable` lets through: nothing in them needs escaping. */
function idFields({ traceId, spanId, correlationId, sagaId }: LineFacts, line: string): string {
  const ids = `"trace_id":"${traceId}","span_id":"${spanId}"`;
  const correlation = line.includes('"correlation_id":') ? '' : `,"correlation_id":"${correlationId}"`;
  return ids + correlation + (sagaId === undefined || line.includes('"saga_id":') ? '' : `,"saga_id":"${sagaId}"`);
}

/** Fields of a line that became something better in the log record. */
const LINE_FIELDS = new Set([
  'level',
  'time',
  'pid',
  'hostname',
  'v',
  'trace_id',
  'span_id',
  'trace_flags',
  'correlation_id',
  'saga_id',
]);

/**
 * Attributes of a log record from the fields of a line: without what the record says elsewhere, and with an error as
 * the semantic conventions name its parts (`exception.*`).
 */
export function lineAttributes(fields: Record<string, unknown>, messageKey: string, errorKey = 'err'): LogMap {
  const attributes: Record<string, LogValue> = {};
  for (const key in fields) {
    if (key === messageKey || LINE_FIELDS.has(key)) continue;
    const value = fields[key];
    if (key === errorKey && typeof value === 'object' && value !== null)
      Object.assign(attributes, exceptionAttributes(value));
    else attributes[key] = value as LogValue;
  }
  return attributes;
}

/** `exception.type`, `.message` and `.stacktrace` of an error, or of what a serializer made of one. */
export function exceptionAttributes(error: object): LogMap {
  const { type, name, message, stack } = error as Record<string, unknown>;
  return {
    'exception.type': text(type) ?? text(name),
    'exception.message': text(message),
    'exception.stacktrace': text(stack),
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
