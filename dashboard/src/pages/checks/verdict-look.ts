import type { Check, Verdict } from '@orrery/collector/api';
import { durationText } from '../../time/duration-text.js';
import { unitText } from '../../ui/figure-text.js';
import type { Tone, ToneShape } from '../../ui/Tone.js';

export interface VerdictLook {
  tone: Tone;
  shape: ToneShape;
  word: string;
}

/** How a verdict looks and what it is called. */
export function verdictLook(verdict: Verdict | null): VerdictLook {
  switch (verdict) {
    case 'pass':
      return { tone: 'good', shape: 'check', word: 'Holds' };
    case 'fail':
      return { tone: 'bad', shape: 'cross', word: 'Does not hold' };
    case 'no_data':
      return { tone: 'warn', shape: 'question', word: 'No data' };
    case 'cannot_run':
      return { tone: 'warn', shape: 'ban', word: 'Cannot run' };
    default:
      return { tone: 'calm', shape: 'half', word: 'Not run yet' };
  }
}

/** Its last figure beside its bounds, or how long it took. */
export function figureOfCheck(check: Check): string {
  const { bounds } = check.definition;
  const last = check.last_run;
  if (!last) return check.definition.schedule;
  if (check.definition.kind !== 'expectation') return `took ${durationText(last.duration_ms)}`;
  const unit = bounds?.unit ?? '';
  const wanted = [
    bounds?.min !== null && bounds?.min !== undefined ? `at least ${unitText(bounds.min, unit)}` : '',
    bounds?.max !== null && bounds?.max !== undefined ? `at most ${unitText(bounds.max, unit)}` : '',
  ].filter(Boolean);
  return `${last.figure === null ? 'no figure' : unitText(last.figure, unit)}${wanted.length ? ` · ${wanted.join(', ')}` : ''}`;
}
