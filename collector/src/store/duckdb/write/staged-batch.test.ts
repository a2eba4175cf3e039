import { expect, test } from 'vitest';
import type { Chunk } from './chunk.js';
import { Backlog, StagedBatch, type StagedChunk } from './staged-batch.js';

function chunks(count: number, returned: number[] = []): StagedChunk[] {
  return Array.from({ length: count }, (_, place) => ({
    table: 'spans',
    chunk: {} as Chunk,
    takeBack: () => void returned.push(place),
  }));
}

test('a commit takes what is staged while more is staged, and ends with the last of it', async () => {
  const batch = new StagedBatch(new Backlog(24));
  const first = batch.next();
  for (const staged of chunks(8)) batch.add(staged);
  expect(await first).toHaveLength(8);
  for (const staged of chunks(2)) batch.add(staged);
  const last = batch.next();
  batch.end();
  expect(await last).toHaveLength(2);
  expect(await batch.next()).toHaveLength(0);
});

test('staging waits while too many chunks wait, whichever commit they are for', async () => {
  const backlog = new Backlog(10);
  const [one, other] = [new StagedBatch(backlog), new StagedBatch(backlog)];
  for (const staged of chunks(8)) one.add(staged);
  for (const staged of chunks(2)) other.add(staged);
  let isThere = false;
  const room = backlog.room().then(() => {
    isThere = true;
  });
  const [taken] = await one.next();
  expect(isThere).toBe(false);
  one.taken(taken as StagedChunk);
  await room;
});

test('a commit that is off gives everything back, what is staged afterwards too', async () => {
  const backlog = new Backlog(9);
  const batch = new StagedBatch(backlog);
  const returned: number[] = [];
  const staged = chunks(10, returned);
  for (const one of staged.slice(0, 9)) batch.add(one);
  batch.drop();
  batch.add(staged[9] as StagedChunk);
  expect(returned).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  await backlog.room();
});

test('a commit learns why there is no more', async () => {
  const batch = new StagedBatch(new Backlog(24));
  const next = batch.next();
  batch.fail(new Error('no decoder for this'));
  await expect(next).rejects.toThrow('no decoder for this');
});
