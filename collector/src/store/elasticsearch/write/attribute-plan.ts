import type { AttributeSource } from '../../../decode/text.js';
import { AttributeType } from '../../../telemetry/attribute-columns.js';
import type { AttributeKey, AttributeKeys } from './attribute-keys.js';
import { ItemMeaning, NO_CATEGORY } from './item-meaning.js';
import { type JsonPiece, jsonPiece } from './json-piece.js';

/** One attribute of the items that share a plan. */
export interface PlannedAttribute {
  /** Its place among the item's attributes. */
  readonly place: number;
  readonly type: AttributeType;
  readonly key: AttributeKey;
}

/** What is the same for all items whose attributes have the same names and types in the same order. */
export interface AttributePlan {
  /** Of a key that stands twice the first counts: two members of one name would make the document invalid. */
  readonly attributes: readonly PlannedAttribute[];
  /** Places of attributes that have a column of their own, -1 where there is none. */
  readonly correlationId: number;
  readonly sagaId: number;
  readonly synthetic: number;
  /** Rank in CATEGORIES. */
  readonly category: number;
  /** `,"keys":[…]` with every name. */
  readonly keys: JsonPiece;
}

/** Of an item without attributes. */
export const EMPTY: AttributePlan = {
  attributes: [],
  correlationId: -1,
  sagaId: -1,
  synthetic: -1,
  category: NO_CATEGORY,
  keys: jsonPiece(',"keys":[]'),
};

/** The plan for rows `[from, to)` and all that are like them. */
export function planOf(keys: AttributeKeys, source: AttributeSource, from: number, to: number): AttributePlan {
  const { keyOffset, keyLength, type } = source.attributes;
  const all = Array.from({ length: to - from }, (_, place) =>
    keys.lookUp(source.bytes, keyOffset[from + place]!, keyLength[from + place]!),
  );
  // Keys beyond those that are remembered are objects of their own each time.
  const names = new Set<string>();
  const attributes: PlannedAttribute[] = [];
  const places = { correlationId: -1, sagaId: -1, synthetic: -1 };
  let category = NO_CATEGORY;
  for (const [place, key] of all.entries()) {
    if (names.has(key.json)) continue;
    names.add(key.json);
    attributes.push({ place, type: (type[from + place] ?? AttributeType.empty) as AttributeType, key });
    if (key.meaning >= ItemMeaning.category) category = Math.min(category, key.meaning - ItemMeaning.category);
    else if (key.meaning === ItemMeaning.correlationId) places.correlationId = place;
    else if (key.meaning === ItemMeaning.sagaId) places.sagaId = place;
    else if (key.meaning === ItemMeaning.synthetic) places.synthetic = place;
  }
  return { attributes, ...places, category, keys: jsonPiece(`,"keys":[${all.map(({ json }) => json).join(',')}]`) };
}
