import type { Slices } from './slices.js';

export interface Retention {
  /** Slices whose time of receipt began longer ago go. */
  maxAgeMs: number;
  /** While all slices together are larger, the oldest goes. */
  maxBytes: number;
}

/**
 * Removes whole slices, oldest first. The newest stays whatever its size: it holds the cursor. A slice that a question
 * is reading stays until the next time.
 */
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
    if (slice.readers > 0 || slice.cursor === cursor) continue;
    await slices.drop(slice);
    total -= sizes.get(slice.name) ?? 0;
    dropped.push(slice.name);
  }
  return dropped;
}
