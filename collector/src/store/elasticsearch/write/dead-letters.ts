import type { IndexNames } from '../indices.js';
import { DocumentBatch } from './document-batch.js';

/** A document that the cluster will never take, with its reason. */
export interface Refused {
  reason: string;
  /** Action and source line as they were sent. */
  document: string;
}

/** Longest document that is kept whole; of longer ones the beginning is. */
export const KEPT_LENGTH = 1_000_000;

/**
 * Documents that tell of refused ones. Their ids come from what was refused, so a replay tells of it once.
 * The document stands there as text that is not looked into, so it can not be refused again.
 */
export function deadLetters(refused: Refused[], names: IndexNames, sliceStartMs: number, nowMs: number): DocumentBatch {
  const batch = new DocumentBatch();
  for (const { reason, document } of refused) {
    const [action = '', ...source] = document.split('\n');
    const target = Object.values(JSON.parse(action) as Record<string, { _index: string; _id: string }>)[0];
    batch.add(
      'create',
      { _index: names.slice('dead-letters', sliceStartMs), _id: target?._id ?? action },
      {
        '@timestamp': nowMs,
        index: target?._index,
        id: target?._id,
        reason,
        document: source.join('\n').trimEnd().slice(0, KEPT_LENGTH),
      },
    );
  }
  return batch;
}
