import type { SpanCategory } from '../../../api/contract/index.js';
import { CATEGORY_KEYS } from '../../../project/trace/span-category.js';
import { Name } from '../../../telemetry/vocabulary.js';

/** What an attribute says of its item beyond itself: the columns that documents have for it. Plain numbers, for speed. */
export const ItemMeaning = { none: 0, correlationId: 1, sagaId: 2, synthetic: 3, category: 4 } as const;
/** From `category` on: the category that the key tells of, by its rank; the lowest that an item has counts. */
export type ItemMeaning = number;

/** By rank; the last is that of an item that none of the keys belongs to. */
export const CATEGORIES: readonly SpanCategory[] = [...CATEGORY_KEYS.map(([category]) => category), 'internal'];
export const NO_CATEGORY = CATEGORIES.length - 1;

const MEANINGS = new Map<string, ItemMeaning>([
  [Name.correlationId, ItemMeaning.correlationId],
  [Name.sagaId, ItemMeaning.sagaId],
  [Name.synthetic, ItemMeaning.synthetic],
  ...CATEGORY_KEYS.flatMap(([, keys], rank) => keys.map((key) => [key, ItemMeaning.category + rank] as const)),
]);

export function meaningOf(key: string): ItemMeaning {
  return MEANINGS.get(key) ?? ItemMeaning.none;
}
