import type { AttributeSource } from '../../../decode/text.js';
import { AttributeType } from '../../../telemetry/attribute-columns.js';
import { COMPARED_LENGTH } from '../mappings.js';
import type { AttributeKey, AttributeKeys } from './attribute-keys.js';
import { AttributeRest } from './attribute-rest.js';
import type { JsonBytes } from './json-bytes.js';

const COMMA = 0x2c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const TRUE = Buffer.from('true');
const FALSE = Buffer.from('false');

/** Writes attributes as the typed fields of mappings.ts. One per index and owner of attributes (item or resource). */
export class AttributeWriter {
  readonly #keys: AttributeKeys;
  #owner = 0;

  constructor(keys: AttributeKeys) {
    this.#keys = keys;
  }

  /** Writes `{…}` with the attributes of the rows `[from, to)`; of a key that stands twice the first counts. */
  write(out: JsonBytes, source: AttributeSource, from: number, to: number): void {
    const { keyOffset, keyLength } = source.attributes;
    const owner = ++this.#owner;
    let rest: AttributeRest | null = null;
    out.byte(OPEN);
    const start = out.length;
    for (let row = from; row < to; row++) {
      const key = this.#keys.lookUp(source.bytes, keyOffset[row]!, keyLength[row]!);
      // Two members of one name would make the document invalid.
      if (key.lastOwner === owner) continue;
      key.lastOwner = owner;
      if (!this.#plain(out, start, source, row, key)) {
        rest ??= new AttributeRest();
        rest.add(out, start, source, row, key, this.#keys);
      }
    }
    rest?.finish(out, start);
    out.byte(CLOSE);
  }

  /** The usual case: a plain value with a field of its own, which says everything about it. */
  #plain(out: JsonBytes, start: number, source: AttributeSource, row: number, key: AttributeKey): boolean {
    const { attributes } = source;
    const value = attributes.number[row]!;
    switch (attributes.type[row]) {
      case AttributeType.string: {
        const length = attributes.valueLength[row]!;
        if (length === 0 || length > COMPARED_LENGTH) return false;
        const prefix = this.#keys.field(key, 'str');
        if (!prefix) return false;
        if (out.length > start) out.byte(COMMA);
        out.raw(prefix);
        out.text(source.bytes, attributes.valueOffset[row]!, length);
        return true;
      }
      case AttributeType.int:
      case AttributeType.double: {
        if (Number.isInteger(value) ? !Number.isSafeInteger(value) : !Number.isFinite(value)) return false;
        const prefix = this.#keys.field(key, 'num');
        if (!prefix) return false;
        if (out.length > start) out.byte(COMMA);
        out.raw(prefix);
        out.number(value);
        return true;
      }
      case AttributeType.boolean: {
        const prefix = this.#keys.field(key, 'bool');
        if (!prefix) return false;
        if (out.length > start) out.byte(COMMA);
        out.raw(prefix);
        out.raw(value === 1 ? TRUE : FALSE);
        return true;
      }
      default:
        return false;
    }
  }
}
