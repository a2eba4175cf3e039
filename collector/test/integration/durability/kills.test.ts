import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { runKills } from '../../../torture/kills/run-kills.js';

/** The program from its sources, as its own processes. */
const program = [
  '--import',
  import.meta.resolve('tsx'),
  fileURLToPath(new URL('../../../src/main.ts', import.meta.url)),
];

it('everything acknowledged is there exactly once, in rows and figures, wherever kill -9 struck intake or store', async () => {
  const { faults, acknowledged, strikes } = await runKills({
    seed: 2026,
    kills: 14,
    program,
    port: 21_420,
    say: console.log,
  });
  expect(faults).toEqual([]);
  expect(acknowledged).toBeGreaterThan(200);
  expect(strikes.table()).toContain('append ... sync');
}, 240_000);
