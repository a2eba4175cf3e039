import { type JSONValue, jsonpath } from 'json-p3';
import type { SavedValue } from '../../check/http-check.js';
import type { Values } from '../../check/variables.js';
import type { HttpAnswer } from './timed-request.js';

/** Puts what a step saves into the values; gives the names that could not be found. */
export function saveValues(answer: HttpAnswer, wanted: Readonly<Record<string, SavedValue>>, values: Values): string[] {
  const missing: string[] = [];
  for (const [name, how] of Object.entries(wanted)) {
    const value = savedValue(answer, how);
    if (value === undefined || value === null) missing.push(name);
    else values.set(name, value);
  }
  return missing;
}

function savedValue(answer: HttpAnswer, how: SavedValue): unknown {
  if ('header' in how) return answer.headers[how.header.toLowerCase()];
  if ('regex' in how) {
    const match = new RegExp(how.regex, 'u').exec(answer.body);
    return match?.[1] ?? match?.[0];
  }
  try {
    return jsonpath.query(how.json, JSON.parse(answer.body) as JSONValue).values()[0];
  } catch {
    return undefined;
  }
}
