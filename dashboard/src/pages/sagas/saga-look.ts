import type { SagaDetail, SagaState, SagaStepState } from '@orrery/collector/api';
import type { Tone, ToneShape } from '../../ui/Tone.js';

export interface Look {
  tone: Tone;
  shape: ToneShape;
  word: string;
}

/** States of a saga, in the order people ask for them. */
export const sagaStates: readonly (SagaState | 'stuck')[] = [
  'stuck',
  'partially_compensated',
  'failed',
  'awaiting_person',
  'compensating',
  'running',
  'compensated',
  'completed',
];

export function sagaLook(state: SagaState | 'stuck'): Look {
  switch (state) {
    case 'stuck':
      return { tone: 'bad', shape: 'wait', word: 'Stuck' };
    case 'partially_compensated':
      return { tone: 'bad', shape: 'warning', word: 'Half undone' };
    case 'failed':
      return { tone: 'bad', shape: 'cross', word: 'Failed' };
    case 'awaiting_person':
      return { tone: 'warn', shape: 'alert', word: 'Awaiting a person' };
    case 'compensating':
      return { tone: 'warn', shape: 'undo', word: 'Being undone' };
    case 'running':
      return { tone: 'busy', shape: 'play', word: 'Running' };
    case 'compensated':
      return { tone: 'calm', shape: 'undo', word: 'Undone' };
    default:
      return { tone: 'good', shape: 'check', word: 'Completed' };
  }
}

export function stepLook(state: SagaStepState): Look {
  switch (state) {
    case 'done':
      return { tone: 'good', shape: 'check', word: 'done' };
    case 'running':
      return { tone: 'busy', shape: 'play', word: 'running' };
    case 'waiting':
      return { tone: 'warn', shape: 'wait', word: 'waiting' };
    case 'failed':
      return { tone: 'bad', shape: 'cross', word: 'failed' };
    case 'undone':
      return { tone: 'calm', shape: 'undo', word: 'undone' };
    case 'undoing':
      return { tone: 'warn', shape: 'undo', word: 'being undone' };
    case 'undo_failed':
      return { tone: 'bad', shape: 'warning', word: 'done and not undone' };
    case 'skipped':
      return { tone: 'calm', shape: 'dash', word: 'skipped' };
    default:
      return { tone: 'calm', shape: 'dot', word: 'not reached' };
  }
}

/** What became of one saga, in a sentence. */
export function sagaSentence({ summary }: SagaDetail): string {
  const { state, failure_message, failure_kind, next_step, not_undone, stuck } = summary;
  const because = failure_message ? ` because ${failure_message}${failure_kind ? ` (${failure_kind})` : ''}` : '';
  if (not_undone.length > 0)
    return `Half undone: ${not_undone.join(', ')} ${not_undone.length === 1 ? 'was' : 'were'} done and never undone.`;
  if (stuck) return `Stuck${next_step ? `: “${next_step}” should have come` : ''}.`;
  switch (state) {
    case 'completed':
      return 'Completed.';
    case 'compensated':
      return `Undone${because}.`;
    case 'compensating':
      return `Being undone${because}.`;
    case 'failed':
    case 'partially_compensated':
      return `Failed${because}.`;
    case 'awaiting_person':
      return 'Waiting for a person.';
    default:
      return next_step ? `Running; “${next_step}” comes next.` : 'Running.';
  }
}
