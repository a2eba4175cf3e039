import { expect, it } from 'vitest';
import { builtProgram } from '../../../torture/kills/kills.js';
import { runKills } from '../../../torture/kills/run-kills.js';

it('everything acknowledged is there exactly once, in rows and figures, wherever kill -9 struck intake or store', async () => {
  const { faults, acknowledged, strikes } = await runKills({
    seed: 2026,
    kills: 12,
    program: builtProgram,
    say: console.log,
  });
  expect(faults).toEqual([]);
  expect(acknowledged).toBeGreaterThan(200);
  expect(strikes.table()).toContain('append ... sync');
}, 240_000);
