import { isDeepStrictEqual } from 'node:util';
import type { Comparisons } from '../../check/http-check.js';

const numeric = {
  less_than: ['less than', (a: number, b: number) => a < b],
  at_most: ['at most', (a: number, b: number) => a <= b],
  greater_than: ['greater than', (a: number, b: number) => a > b],
  at_least: ['at least', (a: number, b: number) => a >= b],
} as const;

/** What a value fails of its comparisons, as "is 3, expected at least 5"; empty when all hold. */
export function comparisonFaults(value: unknown, wanted: Comparisons): string[] {
  const faults: string[] = [];
  const told = shortText(value);
  if (wanted.equals !== undefined && !isDeepStrictEqual(value, wanted.equals)) {
    faults.push(`is ${told}, expected ${shortText(wanted.equals)}`);
  }
  if (wanted.not_equals !== undefined && isDeepStrictEqual(value, wanted.not_equals)) {
    faults.push(`is ${told}, expected anything else`);
  }
  for (const [name, [words, holds]] of Object.entries(numeric)) {
    const bound = wanted[name as keyof typeof numeric];
    if (bound === undefined) continue;
    const number = typeof value === 'number' ? value : typeof value === 'string' && value !== '' ? Number(value) : NaN;
    if (!holds(number, bound)) faults.push(`is ${told}, expected ${words} ${bound}`);
  }
  if (wanted.contains !== undefined && !containsText(value, wanted.contains)) {
    faults.push(`is ${told}, expected to contain ${shortText(wanted.contains)}`);
  }
  if (wanted.matches !== undefined && !new RegExp(wanted.matches, 'u').test(asText(value))) {
    faults.push(`is ${told}, expected to match /${wanted.matches}/`);
  }
  return faults;
}

function containsText(value: unknown, part: string): boolean {
  return Array.isArray(value) ? value.includes(part) : asText(value).includes(part);
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

/** At most 80 characters, texts in quotes. */
export function shortText(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
