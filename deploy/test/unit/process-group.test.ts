import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { endGroup, endLeader, isGroupAlive } from '../../bootstrap/process-group.mjs';

/** A leader with a child that ignores what the leader is told. */
async function startGroup(leaderScript: string): Promise<number> {
  const child = spawn('/bin/sh', ['-c', `(trap "" TERM; echo up; sleep 60) & ${leaderScript}`], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await once(child.stdout, 'data');
  return child.pid as number;
}

test('ends a whole group, by force what does not listen', async () => {
  const leader = await startGroup('wait');
  expect(isGroupAlive(leader)).toBe(true);
  await endGroup(leader, 100);
  expect(isGroupAlive(leader)).toBe(false);
});

test('asks the leader first, and then takes care of what it left behind', async () => {
  const leader = await startGroup('trap "exit 0" TERM; wait');
  await endLeader(leader, 2_000);
  expect(isGroupAlive(leader)).toBe(false);
});
