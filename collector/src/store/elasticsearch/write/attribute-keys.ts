import { bytesEqual } from '../../../decode/text.js';
import { mayBeField } from '../attribute-terms.js';
import { type ItemMeaning, meaningOf } from './item-meaning.js';
import { type JsonPiece, jsonPiece } from './json-piece.js';

/** Keys that are remembered; hostile senders make a new one for every item. */
const MOST_KEYS = 50_000;

export type FieldType = 'str' | 'num' | 'bool' | 'int';

/** One attribute name with what has to be written for it. */
export interface AttributeKey {
  readonly bytes: Uint8Array;
  readonly text: string;
  /** The name as JSON. */
  readonly json: string;
  /** What the attribute says beyond itself. */
  readonly meaning: ItemMeaning;
  /**
   * `,"num.<key>":` and so on, once the name has a field of that type in the slice; with the opening quote for `str`.
   */
  str: JsonPiece | null;
  num: JsonPiece | null;
  bool: JsonPiece | null;
  int: JsonPiece | null;
  /** Whether the name may become a field at all. */
  readonly eligible: boolean;
}

/**
 * The attribute names of one index: each becomes bytes to copy once, and gets a field as long as the slice's budget of
 * fields lasts. Names beyond it are still kept and searchable (`more.*`), so no name can make a write fail.
 */
export class AttributeKeys {
  #table: (AttributeKey | undefined)[] = emptyTable(1024);
  #count = 0;
  #fieldsLeft: number;

  /** @param fields how many more fields may be added */
  constructor(fields: number) {
    this.#fieldsLeft = fields;
  }

  /** A field that the index has already, as `str.http.route`. */
  addKnown(field: string): void {
    const dot = field.indexOf('.');
    const type = field.slice(0, dot) as FieldType;
    const key = this.lookUp(Buffer.from(field.slice(dot + 1), 'utf8'), 0, Buffer.byteLength(field) - dot - 1);
    if (key.eligible) this.field(key, type);
  }

  lookUp(source: Uint8Array, offset: number, length: number): AttributeKey {
    let hash = 0x811c9dc5;
    for (let i = offset; i < offset + length; i++) hash = Math.imul(hash ^ source[i]!, 0x01000193);
    const mask = this.#table.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const key = this.#table[slot];
      if (key === undefined) return this.#add(slot, source, offset, length);
      if (key.bytes.length === length && bytesEqual(source, offset, key.bytes)) return key;
    }
  }

  /** The bytes that name the field and begin its value, or null when the name has to go to `more.*`. */
  field(key: AttributeKey, type: FieldType): JsonPiece | null {
    const known = key[type];
    if (known) return known;
    if (!key.eligible || this.#fieldsLeft <= 0) return null;
    this.#fieldsLeft--;
    const prefix = jsonPiece(`,${JSON.stringify(`${type}.${key.text}`)}:${type === 'str' ? '"' : ''}`);
    key[type] = prefix;
    return prefix;
  }

  #add(slot: number, source: Uint8Array, offset: number, length: number): AttributeKey {
    const bytes = Uint8Array.from(source.subarray(offset, offset + length));
    const text = Buffer.from(bytes).toString('utf8');
    const eligible = this.#count < MOST_KEYS && mayBeField(text);
    const key: AttributeKey = {
      bytes,
      text,
      json: JSON.stringify(text),
      meaning: meaningOf(text),
      str: null,
      num: null,
      bool: null,
      int: null,
      eligible,
    };
    if (this.#count < MOST_KEYS) {
      this.#table[slot] = key;
      this.#count++;
      if (this.#count * 2 > this.#table.length) this.#grow();
    }
    return key;
  }

  #grow(): void {
    const keys = this.#table.filter((key) => key !== undefined);
    this.#table = emptyTable(this.#table.length * 2);
    const mask = this.#table.length - 1;
    for (const key of keys) {
      let hash = 0x811c9dc5;
      for (const byte of key.bytes) hash = Math.imul(hash ^ byte, 0x01000193);
      let slot = hash & mask;
      while (this.#table[slot] !== undefined) slot = (slot + 1) & mask;
      this.#table[slot] = key;
    }
  }
}

/** Slots of an open-addressing table: a power of two. */
function emptyTable(slots: number): (AttributeKey | undefined)[] {
  return Array.from({ length: slots });
}
