import type { IndexNames } from '../indices.js';
import { DocumentBatch } from './document-batch.js';

/** A document that the cluster will never take, with its reason. */
export interface Refused {
  reason: string;
  index: string;
  id: string;
  /** Its source as it was sent; of a merged document only what was to be merged into it. */
  document: string;
  /** Of a merged document: the positions `[from, to]` of the log whose records were to be merged into it. */
  part?: { log: string; from: number; to: number };
}

/** Longest document that is kept whole; of longer ones the beginning is. */
export const KEPT_LENGTH = 1_000_000;

/** Under which name a merged document remembers that a part which had been refused is in it. */
export function partName({ log, to }: { log: string; to: number }): string {
  return `${log}-part-${to}`;
}

/**
 * What was refused, from the two lines that were sent.
 * @param index where a document goes that names none
 */
export function refusedItem(reason: string, lines: string, index: string): Refused {
  const [action = '', ...source] = lines.split('\n');
  const target = Object.values(JSON.parse(action) as Record<string, { _index?: string; _id: string }>)[0];
  return { reason, index: target?._index ?? index, id: target?._id ?? '', document: source.join('\n').trimEnd() };
}

/**
 * Documents that tell of refused ones. Their ids come from what was refused, so a replay tells of it once.
 * The document stands there as text that is not looked into, so it can not be refused again.
 */
export function deadLetters(refused: Refused[], names: IndexNames, sliceStartMs: number, nowMs: number): DocumentBatch {
  const batch = new DocumentBatch();
  for (const { reason, index, id, document, part } of refused) {
    batch.add(
      'create',
      { _index: names.slice('dead-letters', sliceStartMs), _id: part ? `${id}-${partName(part)}` : id },
      {
        '@timestamp': nowMs,
        index,
        id,
        reason,
        document: document.slice(0, KEPT_LENGTH),
        ...(part ? { log: part.log, position: part.from, last_position: part.to } : {}),
      },
    );
  }
  return batch;
}
