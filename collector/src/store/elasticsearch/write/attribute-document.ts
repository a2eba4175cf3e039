import { type AttributeSource, attributeText } from '../../../decode/text.js';
import { AttributeType } from '../../../telemetry/attribute-columns.js';
import { COMPARED_LENGTH } from '../mappings.js';
import type { AttributeKey, AttributeKeys } from './attribute-keys.js';
import { AttributeRest } from './attribute-rest.js';
import { ItemMeaning, NO_CATEGORY } from './item-meaning.js';
import type { JsonBytes } from './json-bytes.js';

const COMMA = 0x2c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const TRUE = Buffer.from('true');
const FALSE = Buffer.from('false');
const KEYS = Buffer.from(',"keys":[');
const END_KEYS = 0x5d;

/** Writes attributes as the typed fields of mappings.ts. One per index and owner of attributes (item or resource). */
export class AttributeWriter {
  readonly #keys: AttributeKeys;
  /** The names of the last item in their order: the next one's are mostly the same. */
  readonly #expected: AttributeKey[] = [];
  #owner = 0;
  /** Of the item that was written last: rows of attributes that have a column of their own, -1 where there is none. */
  correlationId = -1;
  sagaId = -1;
  synthetic = -1;
  /** Rank in CATEGORIES. */
  category = NO_CATEGORY;

  constructor(keys: AttributeKeys) {
    this.#keys = keys;
  }

  /** Writes `{…}` with the attributes of the rows `[from, to)`; of a key that stands twice the first counts. */
  write(out: JsonBytes, source: AttributeSource, from: number, to: number): void {
    const { keyOffset, keyLength } = source.attributes;
    const owner = ++this.#owner;
    let rest: AttributeRest | null = null;
    this.correlationId = this.sagaId = this.synthetic = -1;
    this.category = NO_CATEGORY;
    const start = out.length;
    for (let row = from; row < to; row++) {
      const expected = this.#expected[row - from];
      const key = this.#keys.find(expected, source.bytes, keyOffset[row]!, keyLength[row]!);
      if (key !== expected) this.#expected[row - from] = key;
      // Two members of one name would make the document invalid.
      if (key.lastOwner === owner) continue;
      key.lastOwner = owner;
      if (key.meaning !== ItemMeaning.none) this.#note(key.meaning, row);
      if (!this.#plain(out, source, row, key)) {
        rest ??= new AttributeRest();
        rest.add(out, source, row, key, this.#keys);
      }
    }
    rest?.finish(out);
    // Every member begins with a comma; the first one's is where the object opens.
    if (out.length === start) out.byte(COMMA);
    out.bytes[start] = OPEN;
    out.byte(CLOSE);
  }

  /** `,"keys":[…]` with the names of the rows `[from, to)`. */
  writeKeys(out: JsonBytes, source: AttributeSource, from: number, to: number): void {
    const { keyOffset, keyLength } = source.attributes;
    out.raw(KEYS);
    for (let row = from; row < to; row++) {
      if (row > from) out.byte(COMMA);
      out.raw(this.#keys.find(this.#expected[row - from], source.bytes, keyOffset[row]!, keyLength[row]!).json);
    }
    out.byte(END_KEYS);
  }

  /** `,"correlation_id":…` and the like of the item that was written last. */
  writeColumns(out: JsonBytes, source: AttributeSource): void {
    if (this.correlationId !== -1) writeText(out, CORRELATION_ID, source, this.correlationId);
    if (this.sagaId !== -1) writeText(out, SAGA_ID, source, this.sagaId);
    if (this.synthetic !== -1 && isTrue(source, this.synthetic)) out.raw(SYNTHETIC);
  }

  #note(meaning: ItemMeaning, row: number): void {
    if (meaning >= ItemMeaning.category) {
      this.category = Math.min(this.category, meaning - ItemMeaning.category);
    } else if (meaning === ItemMeaning.correlationId) this.correlationId = row;
    else if (meaning === ItemMeaning.sagaId) this.sagaId = row;
    else this.synthetic = row;
  }

  /** The usual case: a plain value with a field of its own, which says everything about it. */
  #plain(out: JsonBytes, source: AttributeSource, row: number, key: AttributeKey): boolean {
    const { attributes } = source;
    switch (attributes.type[row]) {
      case AttributeType.string: {
        const length = attributes.valueLength[row]!;
        if (length === 0 || length > COMPARED_LENGTH) return false;
        const prefix = key.str ?? this.#keys.field(key, 'str');
        if (!prefix) return false;
        out.member(prefix, source.bytes, attributes.valueOffset[row]!, length);
        return true;
      }
      case AttributeType.int:
      case AttributeType.double: {
        const value = attributes.number[row]!;
        if (Number.isInteger(value) ? !Number.isSafeInteger(value) : !Number.isFinite(value)) return false;
        const prefix = key.num ?? this.#keys.field(key, 'num');
        if (!prefix) return false;
        out.raw(prefix);
        out.number(value);
        return true;
      }
      case AttributeType.boolean: {
        const prefix = key.bool ?? this.#keys.field(key, 'bool');
        if (!prefix) return false;
        out.raw(prefix);
        out.raw(attributes.number[row] === 1 ? TRUE : FALSE);
        return true;
      }
      default:
        return false;
    }
  }
}

const CORRELATION_ID = Buffer.from(',"correlation_id":"');
const SAGA_ID = Buffer.from(',"saga_id":"');
const SYNTHETIC = Buffer.from(',"synthetic":true');

/** An attribute's text; one that is empty is left out. */
function writeText(out: JsonBytes, member: Uint8Array, source: AttributeSource, row: number): void {
  const { attributes } = source;
  const length = attributes.valueLength[row]!;
  if (attributes.type[row] === AttributeType.string) {
    if (length > 0) out.member(member, source.bytes, attributes.valueOffset[row]!, length);
    return;
  }
  const text = Buffer.from(attributeText(source, row), 'utf8');
  if (text.length > 0) out.member(member, text, 0, text.length);
}

function isTrue(source: AttributeSource, row: number): boolean {
  const { attributes } = source;
  return attributes.type[row] === AttributeType.boolean
    ? attributes.number[row] === 1
    : attributeText(source, row) === 'true';
}
