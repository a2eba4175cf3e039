import type { Breaker, Check } from '@orrery/collector/api';
import { expect, test } from 'vitest';
import { verdictSentence } from './verdict-sentence.js';

const check = (title: string, verdict: Check['verdict']) => ({ definition: { title }, verdict }) as Check;
const open = { state: 'open', service: 'payments', target: 'bank', name: 'bank' } as Breaker;

test('says that all hold, and which breaker is open', () => {
  expect(verdictSentence([check('a', 'pass'), check('b', 'pass')], [open], {})).toEqual({
    tone: 'warn',
    sentence: 'All 2 expectations hold. 1 breaker is open: payments → bank.',
  });
});

test('names what does not hold, and counts what is stuck', () => {
  const verdict = verdictSentence([check('Orders come in', 'fail'), check('b', 'no_data')], [], { stuck: 2 });
  expect(verdict.sentence).toBe('“Orders come in” does not hold. 1 cannot be judged. 2 sagas are stuck.');
  expect(verdict.tone).toBe('bad');
});
