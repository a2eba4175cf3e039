import { describe, expect, it } from 'vitest';
import { findFaketime } from '../../../../deploy/bootstrap/faketime.mjs';
import { CLOCK_SETS } from '../../../torture/clock/battery.js';
import { runClock } from '../../../torture/clock/run-clock.js';

describe.skipIf(findFaketime() === undefined)('a collector whose clock is set back and ahead under load', () => {
  it('goes on at once, shows no lag that is the clock’s, and has everything once, at its own time', async () => {
    const { faults, troubles, acknowledged } = await runClock({ seed: 11, sets: CLOCK_SETS, say: console.log });
    expect(troubles).toEqual([]);
    expect(faults).toEqual([]);
    expect(acknowledged).toBeGreaterThan(CLOCK_SETS.length * 30);
  }, 240_000);
});
