import type { Client } from '@elastic/elasticsearch';
import { asStoreError } from './errors.js';
import { type IndexNames, SLICED_KINDS } from './indices.js';

const HOUR_MS = 3_600_000;

/**
 * Deletes the indices whose slice ended longer ago than retention allows. Harmless to repeat, and to run on several
 * collectors at once.
 * @returns names of the indices that were deleted
 */
export async function deleteOldSlices(
  client: Client,
  names: IndexNames,
  retentionHours: number,
  nowMs: number,
): Promise<string[]> {
  if (retentionHours === 0) return [];
  const deleted: string[] = [];
  try {
    for (const kind of SLICED_KINDS) {
      const indices = await client.indices.get({
        index: names.pattern(kind),
        allow_no_indices: true,
        features: ['aliases'],
      });
      for (const index of Object.keys(indices)) {
        const start = names.startOf(index);
        if (start === null || start + names.sliceMs + retentionHours * HOUR_MS > nowMs) continue;
        await client.indices.delete({ index, ignore_unavailable: true });
        deleted.push(index);
      }
    }
  } catch (error) {
    throw asStoreError(error, 'deleting old slices');
  }
  return deleted;
}
