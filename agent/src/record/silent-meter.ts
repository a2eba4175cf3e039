import type { Instrument, Meter } from './meter.js';

const ignore = (): void => undefined;
const adder: Instrument<{ add: () => void; set: () => void }> = {
  series: () => ({ add: ignore, set: ignore }),
  clear: ignore,
};

/** The meter when metrics are not exported. */
export const silentMeter: Meter = {
  counter: () => adder,
  upDownCounter: () => adder,
  gauge: () => adder,
  histogram: () => ({ series: () => ({ record: ignore, replace: ignore }), clear: ignore }),
  observe: ignore,
};
