import type { AlertState } from '@orrery/collector/api';
import type { Tone, ToneShape } from '../../ui/Tone.js';

export function alertLook(state: AlertState): { tone: Tone; shape: ToneShape; word: string } {
  switch (state) {
    case 'firing':
      return { tone: 'bad', shape: 'alert', word: 'Firing' };
    case 'pending':
      return { tone: 'warn', shape: 'wait', word: 'Pending' };
    case 'no_data':
      return { tone: 'warn', shape: 'question', word: 'No data' };
    default:
      return { tone: 'good', shape: 'check', word: 'Resolved' };
  }
}

/** Firing, then about to, then blind, then past; the newest first within each. */
export const alertOrder: readonly AlertState[] = ['firing', 'pending', 'no_data', 'resolved'];
