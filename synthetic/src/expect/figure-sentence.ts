import type { ExpectationCheck } from '../check/check.js';
import { durationText } from '../check/duration.js';

/** "3 loans in 1 min; expected at least 5." */
export function figureSentence(check: ExpectationCheck, value: number): string {
  const { unit } = check.bounds;
  const measured = `${numberText(value)}${unit ? ` ${unit}` : ''} in ${durationText(check.measure.over)}`;
  return `${measured}; expected ${boundsText(check.bounds)}.`;
}

export function boundsText({ min, max }: ExpectationCheck['bounds']): string {
  if (min !== undefined && max !== undefined) return `between ${numberText(min)} and ${numberText(max)}`;
  if (min !== undefined) return `at least ${numberText(min)}`;
  return max === 0 ? 'none' : `at most ${numberText(max ?? 0)}`;
}

/** Whole numbers as they are, others with four significant digits. */
export function numberText(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}
