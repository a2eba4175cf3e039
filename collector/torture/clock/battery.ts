import type { Battery } from '../battery.js';
import { type ClockSet, runClock } from './run-clock.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Retention looks once a minute. */
const UNTIL_RETENTION_MS = 65_000;

/** Back, right, ahead, right: what a bad battery, a wrong server of time and a person do. */
export const CLOCK_SETS: readonly ClockSet[] = [
  { what: 'right', aheadMs: 0 },
  { what: 'an hour back, minute by minute', aheadMs: -HOUR_MS, shakes: 20 },
  { what: 'right again', aheadMs: 0 },
  { what: 'a day ahead', aheadMs: DAY_MS },
  { what: 'right once more', aheadMs: 0 },
];

/** The same for longer, with kills, and some that nobody expects. */
const LONG_SETS: readonly ClockSet[] = [
  { what: 'right', aheadMs: 0, standsMs: UNTIL_RETENTION_MS },
  { what: 'an hour back, minute by minute', aheadMs: -HOUR_MS, shakes: 20, standsMs: UNTIL_RETENTION_MS },
  { what: 'right again', aheadMs: 0, killed: true },
  { what: 'a day ahead', aheadMs: DAY_MS, standsMs: UNTIL_RETENTION_MS },
  { what: 'a day ahead, and the store is killed', aheadMs: DAY_MS, killed: true, standsMs: UNTIL_RETENTION_MS },
  { what: 'right after that', aheadMs: 0, killed: true, standsMs: UNTIL_RETENTION_MS },
  { what: 'a year ahead', aheadMs: 365 * DAY_MS, standsMs: UNTIL_RETENTION_MS },
  { what: 'right after a year', aheadMs: 0 },
  { what: 'two minutes back', aheadMs: -2 * MINUTE_MS, standsMs: UNTIL_RETENTION_MS },
  { what: 'right at last', aheadMs: 0 },
];

export const clock: Battery = {
  name: 'clock',
  about: 'the clock of the whole collector is set back and ahead under load: nothing stands still, is lost or is twice',
  async run({ seed }) {
    const { faults, troubles, acknowledged, items, slices, output } = await runClock({
      seed,
      sets: LONG_SETS,
      say: console.log,
    });
    console.log(`  ${acknowledged} requests acknowledged, ${items} items in ${slices} slices`);
    const told = output.includes('The clock is ahead of') ? [] : ['nobody was told of the clock that leapt'];
    const wrong = [...faults, ...troubles, ...told];
    if (wrong.length > 0) throw new Error(`seed ${seed}:\n${wrong.join('\n')}`);
  },
};
