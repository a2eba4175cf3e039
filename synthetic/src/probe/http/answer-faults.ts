import { type JSONValue, jsonpath } from 'json-p3';
import { durationText } from '../../check/duration.js';
import type { HttpExpectation, JsonExpectation } from '../../check/http-check.js';
import { comparisonFaults, shortText } from './comparison.js';
import type { HttpAnswer } from './timed-request.js';

/** Everything in which an answer is not as expected, each as a clause; empty when it is. */
export function answerFaults(answer: HttpAnswer, wanted: HttpExpectation): string[] {
  const faults: string[] = [];
  if (!statusHolds(answer.status, wanted.status)) {
    faults.push(`status is ${answer.status}, expected ${statusText(wanted.status)}`);
  }
  for (const [name, header] of Object.entries(wanted.headers ?? {})) {
    const value = answer.headers[name.toLowerCase()];
    const comparisons = typeof header === 'string' ? { equals: header } : header;
    if (typeof header === 'object' && header.exists === false) {
      if (value !== undefined) faults.push(`header ${name} is there, expected none`);
    } else if (value === undefined) faults.push(`header ${name} is missing`);
    else faults.push(...comparisonFaults(value, comparisons).map((fault) => `header ${name} ${fault}`));
  }
  faults.push(...bodyFaults(answer.body, wanted.body));
  if (wanted.json) faults.push(...jsonFaults(answer.body, wanted.json));
  if (wanted.max_duration !== undefined && answer.timings.total_ms > wanted.max_duration) {
    faults.push(`took ${durationText(answer.timings.total_ms)}, expected at most ${durationText(wanted.max_duration)}`);
  }
  return faults;
}

function statusHolds(status: number, wanted: HttpExpectation['status']): boolean {
  if (wanted === undefined) return status < 400;
  if (typeof wanted === 'number') return status === wanted;
  if (typeof wanted === 'string') return status >= Number(wanted[0]) * 100 && status < (Number(wanted[0]) + 1) * 100;
  return wanted.includes(status);
}

function statusText(wanted: HttpExpectation['status']): string {
  if (wanted === undefined) return 'below 400';
  return Array.isArray(wanted) ? wanted.join(' or ') : String(wanted);
}

function bodyFaults(body: string, wanted: HttpExpectation['body']): string[] {
  if (!wanted) return [];
  const faults: string[] = [];
  for (const text of [wanted.contains ?? []].flat()) {
    if (!body.includes(text)) faults.push(`body does not contain ${shortText(text)}`);
  }
  for (const text of [wanted.not_contains ?? []].flat()) {
    if (body.includes(text)) faults.push(`body contains ${shortText(text)}`);
  }
  if (wanted.matches !== undefined && !new RegExp(wanted.matches, 'u').test(body)) {
    faults.push(`body does not match /${wanted.matches}/`);
  }
  return faults;
}

function jsonFaults(body: string, wanted: readonly JsonExpectation[]): string[] {
  let value: JSONValue;
  try {
    value = JSON.parse(body) as JSONValue;
  } catch {
    return [`body is not JSON: ${shortText(body.slice(0, 60))}`];
  }
  return wanted.flatMap((one) => selectionFaults(jsonpath.query(one.path, value).values(), one));
}

function selectionFaults(found: readonly unknown[], wanted: JsonExpectation): string[] {
  const { path, exists, count, ...comparisons } = wanted;
  if (exists === false) return found.length === 0 ? [] : [`${path} is there, expected nothing`];
  const faults: string[] = [];
  if (count !== undefined) {
    const bounds = typeof count === 'number' ? { equals: count } : definedOnly(count);
    faults.push(...comparisonFaults(found.length, bounds).map((fault) => `count of ${path} ${fault}`));
  } else if (found.length === 0) return [`${path} is not there`];
  for (const value of found) faults.push(...comparisonFaults(value, comparisons).map((fault) => `${path} ${fault}`));
  return faults;
}

function definedOnly<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
