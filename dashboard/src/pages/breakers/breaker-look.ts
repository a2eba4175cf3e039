import type { BreakerState } from '@orrery/collector/api';
import type { Tone, ToneShape } from '../../ui/Tone.js';

export interface BreakerLook {
  tone: Tone;
  shape: ToneShape;
  word: string;
  /** Of a band of time. */
  color: string;
}

/** How a state looks and what it is called. */
export function breakerLook(state: BreakerState): BreakerLook {
  switch (state) {
    case 'open':
      return { tone: 'bad', shape: 'ban', word: 'Open', color: 'var(--bad-fill)' };
    case 'forced_open':
      return { tone: 'bad', shape: 'ban', word: 'Forced open', color: 'var(--bad-fill)' };
    case 'half_open':
      return { tone: 'warn', shape: 'half', word: 'Half open', color: 'var(--warn-fill)' };
    case 'closed':
      return {
        tone: 'good',
        shape: 'check',
        word: 'Closed',
        color: 'color-mix(in srgb, var(--good-fill) 55%, var(--surface))',
      };
    case 'disabled':
      return { tone: 'calm', shape: 'dash', word: 'Disabled', color: 'var(--faint)' };
    default:
      return { tone: 'calm', shape: 'question', word: 'Unknown', color: 'var(--line-strong)' };
  }
}
