import { expect, it } from 'vitest';
import type { SagaSummary } from '../../api/contract/index.js';
import { Cursor } from '../../api/contract/primitives.js';
import type * as Question from '../question.js';
import { listSagas } from './list-sagas.js';

const saga = (saga_id: string, more: Partial<SagaSummary> = {}): SagaSummary => ({
  saga_id,
  saga_name: 'loan',
  saga_version: '',
  type: 'orchestration',
  state: 'completed',
  stuck: false,
  stuck_since: null,
  started: '1763700000000000000',
  updated: '1763700000000000001',
  ended: null,
  duration_ms: 0.000001,
  steps: [],
  failure_kind: null,
  failure_message: '',
  correlation_id: '',
  synthetic: false,
  next_step: null,
  deadline: null,
  not_undone: [],
  ...more,
});

const question: Question.Sagas = {
  range: { from_ms: 0, to_ms: 1 },
  nowMs: 1,
  name: '',
  state: '',
  search: '',
  environment: '',
  synthetic: 'include',
  sort: 'updated',
  order: 'desc',
  limit: 100,
};

function paged(sagas: readonly SagaSummary[], asked: Partial<Question.Sagas>): string[] {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const page = listSagas(sagas, false, { ...question, ...asked, limit: 2, ...(cursor ? { cursor } : {}) });
    ids.push(...page.sagas.map(({ saga_id }) => saga_id));
    cursor = page.next_cursor;
    expect(page.truncated).toBe(cursor !== null);
    if (cursor) Cursor.parse(cursor);
  } while (cursor !== null);
  return ids;
}

it.each(['updated', 'started', 'duration'] as const)('shows each saga once by %s, whatever its id is', (sort) => {
  const ids = [
    'a',
    'b',
    'c',
    ...['x', 'y', '\u0000', '\u{1f680}'].map((sign) => sign.repeat(5000)),
    '\u0000'.repeat(200),
  ];
  const sagas = ids.map((id) => saga(id));
  for (const order of ['asc', 'desc'] as const) {
    expect(paged(sagas, { sort, order }).toSorted()).toEqual(ids.toSorted());
    expect(paged(sagas.toReversed(), { sort, order })).toEqual(paged(sagas, { sort, order }));
  }
});

it('tells moments apart that are a nanosecond apart', () => {
  const sagas = ['3', '1', '2'].map((digit) => saga(digit, { updated: `176370000000000000${digit}` }));
  expect(paged(sagas, {})).toEqual(['3', '2', '1']);
});

it('counts states over name and search, names over all, and picks any of several states', () => {
  const sagas = [
    saga('a', { state: 'running', stuck: true }),
    saga('b', { correlation_id: 'READER-A' }),
    saga('c', { saga_name: 'return', state: 'failed' }),
  ];
  const list = listSagas(sagas, true, { ...question, name: 'loan', search: 'A', state: 'stuck, failed' });
  expect(list.sagas.map(({ saga_id }) => saga_id)).toEqual(['a']);
  expect(list).toMatchObject({
    counts: { running: 1, stuck: 1, completed: 1 },
    names: ['loan', 'return'],
    sampled: true,
    truncated: false,
  });
});

it('does not tell A to Z from a to z in a search; beyond ASCII case counts', () => {
  const sagas = [saga('ORDER-Ä')];
  const found = (search: string) => listSagas(sagas, false, { ...question, search }).sagas.length;
  expect([found('order-Ä'), found('order-ä')]).toEqual([1, 0]);
});
