import { expect, it } from 'vitest';
import { RememberedIds } from './remembered-ids.js';

it('gives every key one id while it is used, and never an id twice', () => {
  const ids = new RememberedIds(100, [{ id: 7, key: 'stored' }], 7);
  expect(ids.of('stored')).toBe(7);
  const given = new Set([7]);
  const steady = ids.add('steady');
  given.add(steady);
  for (let i = 0; i < 10_000; i++) {
    const id = ids.add(`made up ${i}`);
    expect(given.has(id)).toBe(false);
    given.add(id);
    expect([ids.of('steady'), ids.keyOf(steady)]).toEqual([steady, 'steady']);
    ids.forgetSome();
  }
  expect(ids.of('made up 5')).toBeUndefined();
  expect(ids.of('made up 9999')).toBeDefined();
});
