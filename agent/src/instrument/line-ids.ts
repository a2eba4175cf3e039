import type { LineFacts } from '../context/line-facts.js';

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
