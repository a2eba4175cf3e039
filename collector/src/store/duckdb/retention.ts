import { Signal } from '../../log/log-record.js';
import type { Slice } from './slice.js';
import type { Slices } from './slices.js';

export interface Retention {
  /** Slices whose time of receipt began longer ago go. */
  maxAgeMs: number;
  /** While all slices together are larger, the oldest goes. */
  maxBytes: number;
  /** Rows of a signal go earlier than the slice they are in; figures made of them stay. No age keeps them with it. */
  rowsMaxAgeMs: { traces?: number; logs?: number; metrics?: number };
}

/** Removes whole slices, oldest first. The newest stays whatever its size: it is written to, and holds the cursor. */
export async function dropOldSlices(slices: Slices, retention: Retention, nowMs: number): Promise<string[]> {
  const all = slices.all();
  const cursor = slices.cursor();
  const sizes = new Map<string, number>();
  for (const slice of all) sizes.set(slice.name, await slices.bytesOf(slice));
  let total = [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
  const dropped: string[] = [];
  for (const slice of all.slice(0, -1)) {
    const isOld = nowMs - slice.startMs > retention.maxAgeMs;
    if (!isOld && total <= retention.maxBytes) break;
    if (slice.cursor === cursor) continue;
    await slices.drop(slice);
    total -= sizes.get(slice.name) ?? 0;
    dropped.push(slice.name);
  }
  return dropped;
}

/** Signals whose rows in the slice are older than they are kept, as `Signal` numbers them. */
export function signalsPast(slice: Slice, { rowsMaxAgeMs }: Retention, nowMs: number): number[] {
  const ages = [
    [Signal.traces, rowsMaxAgeMs.traces],
    [Signal.logs, rowsMaxAgeMs.logs],
    [Signal.metrics, rowsMaxAgeMs.metrics],
  ] as const;
  return ages
    .filter(([, maxAgeMs]) => maxAgeMs !== undefined && nowMs - slice.startMs > maxAgeMs)
    .map(([signal]) => signal);
}
