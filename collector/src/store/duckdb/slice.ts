import type { LogPosition } from '../../log/log-record.js';
import type { SliceFacts } from './slice-facts.js';

export interface SliceExtent {
  items: number;
  minNano: bigint;
  maxNano: bigint;
}

/** One file with the telemetry that was received in a stretch of time. */
export interface Slice {
  name: string;
  startMs: number;
  /** How often the slice was rewritten: each time is a file of its own. */
  generation: number;
  /** Name of the file in SQL. */
  catalog: string;
  path: string;
  /** Everything before this position of the log is stored, in this slice or in others; 0 when it was another log. */
  cursor: LogPosition;
  /** Identity of the log that the stored cursor is of. */
  log: string;
  /** By signal: how much there is, over which event times. */
  extents: Map<number, SliceExtent>;
  /** What was found out when the slice was sealed; null while it is written to, or when something came late. */
  sealed: SliceFacts | null;
  /** Commits since it was opened. */
  commits: number;
}

export function widen(slice: Pick<Slice, 'extents'>, signal: number, added: SliceExtent): void {
  const known = slice.extents.get(signal);
  if (!known) {
    slice.extents.set(signal, { ...added });
    return;
  }
  known.items += added.items;
  if (added.minNano < known.minNano) known.minNano = added.minNano;
  if (added.maxNano > known.maxNano) known.maxNano = added.maxNano;
}
