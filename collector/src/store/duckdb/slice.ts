import type { LogPosition } from '../../log/log-record.js';

export interface SliceExtent {
  items: number;
  minNano: bigint;
  maxNano: bigint;
}

/** One attached file with the telemetry that was received in a stretch of time. */
export interface Slice {
  name: string;
  /** Name in SQL. */
  catalog: string;
  path: string;
  startMs: number;
  /** Everything before this position of the log is stored, in this slice or in others. */
  cursor: LogPosition;
  /** By signal: how much there is, over which event times. */
  extents: Map<number, SliceExtent>;
  /** Questions that are reading it: a slice in use is not dropped. */
  readers: number;
}

export function widen(slice: Slice, signal: number, added: SliceExtent): void {
  const known = slice.extents.get(signal);
  if (!known) {
    slice.extents.set(signal, { ...added });
    return;
  }
  known.items += added.items;
  if (added.minNano < known.minNano) known.minNano = added.minNano;
  if (added.maxNano > known.maxNano) known.maxNano = added.maxNano;
}
