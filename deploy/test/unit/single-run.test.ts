import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { singleRun } from '../../bootstrap/single-run.mjs';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'orrery-lock-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('lets one at a time do the work, and the next when the first has failed', async () => {
  const lock = join(folder, 'lock');
  const events: string[] = [];
  const first = singleRun(lock, async () => {
    events.push('first begins');
    await new Promise((resolve) => setImmediate(resolve));
    events.push('first ends');
    throw new Error('no network');
  });
  const second = singleRun(lock, async () => {
    events.push('second begins');
    return 'done';
  });
  await expect(first).rejects.toThrow('no network');
  expect(await second).toBe('done');
  expect(events).toEqual(['first begins', 'first ends', 'second begins']);
});
