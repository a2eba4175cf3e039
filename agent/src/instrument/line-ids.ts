import type { LineFacts } from '../context/line-facts.js';

const QUOTE = 34;

/**
 * Adds the ids to a finished line of JSON, before its last brace. A line that is not an object, or that says a
 * `trace_id` itself, stays as it is.
 */
export function withIds(line: string, facts: LineFacts): string {
  const brace = line.lastIndexOf('}');
  if (brace < 1 || line.charCodeAt(0) !== 123) return line;
  // One look through most lines instead of three.
  const hasIds = line.includes('_id":');
  if (hasIds && line.includes('"trace_id":')) return line;
  const isEmpty = line.charCodeAt(1) !== QUOTE && line.slice(1, brace).trim() === '';
  return line.slice(0, brace) + (isEmpty ? '' : ',') + idFields(facts, hasIds ? line : '') + line.slice(brace);
}

/** `line` is looked through for what it says itself. Ids are hex or of the alphabet that `acceptable` lets through: nothing in them needs escaping. */
function idFields({ traceId, spanId, correlationId, sagaId }: LineFacts, line: string): string {
  const ids = `"trace_id":"${traceId}","span_id":"${spanId}"`;
  const correlation = line.includes('"correlation_id":') ? '' : `,"correlation_id":"${correlationId}"`;
  return ids + correlation + (sagaId === undefined || line.includes('"saga_id":') ? '' : `,"saga_id":"${sagaId}"`);
}
