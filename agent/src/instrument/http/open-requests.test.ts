import { getHeapSpaceStatistics } from 'node:v8';
import { expect, it } from 'vitest';
import { type Listed, NOWHERE, OpenRequests } from './open-requests.js';

const MANY = Array.from({ length: 128 }, () => 0);

const listed = (): Listed => ({ place: NOWHERE });

it('knows what was added and not removed, in whatever order that happens', () => {
  const open = new OpenRequests<Listed>();
  const [first, second, third] = [listed(), listed(), listed()];
  for (const item of [first, second, third]) open.add(item);
  open.remove(first);
  open.remove(first);
  expect(new Set(open.all())).toEqual(new Set([second, third]));
  open.remove(third);
  open.remove(second);
  expect(open.all()).toEqual([]);
  open.remove(listed());
  open.add(first);
  expect(open.all()).toEqual([first]);
});

it('leaves nothing that was removed to the old generation of the heap', () => {
  const open = new OpenRequests<Listed & { readonly weight: number[] }>();
  const running = Array.from({ length: 8 }, () => ({ place: NOWHERE, weight: [1] }));
  for (const item of running) open.add(item);
  growOld();
  const before = oldBytes();
  for (let served = 0; served < 40_000; served++) {
    const at = (served * 5) % running.length;
    const ended = running[at];
    if (ended !== undefined) open.remove(ended);
    const begun = { place: NOWHERE, weight: MANY.map(() => served) };
    running[at] = begun;
    open.add(begun);
  }
  expect(oldBytes() - before).toBeLessThan(8e6);
});

/** What is referred to now survives two collections of the young generation, as in a service that rests for a moment. */
function growOld(): void {
  let garbage: number[] = [];
  for (let made = 0; made < 60_000; made++) garbage = MANY.map(() => garbage.length);
}

function oldBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name: name }) => name === 'old_space')?.space_used_size ?? Infinity;
}
