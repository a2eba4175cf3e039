import type { JsonLine, LogMap, LogValue } from './log-record.js';

/** Fields of a line that became something better in the log record. */
export const LINE_FIELDS: ReadonlySet<string> = new Set([
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

/** Body and attributes of a line. */
export function readLine({ text, messageKey, errorKey }: JsonLine): { body: LogValue; attributes: LogMap } {
  const fields = parsed(text);
  if (fields === undefined) return { body: text.trimEnd(), attributes: {} };
  const message = fields[messageKey];
  return {
    body: typeof message === 'string' ? message : JSON.stringify(message),
    attributes: lineAttributes(fields, messageKey, errorKey),
  };
}

/** A formatter may make anything. */
function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
