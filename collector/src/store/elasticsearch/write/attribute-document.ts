import { type AttributeSource, attributeText } from '../../../decode/text.js';
import { type AttributePatterns, AttributeType } from '../../../telemetry/attribute-columns.js';
import { COMPARED_LENGTH } from '../mappings.js';
import type { AttributeKey, AttributeKeys } from './attribute-keys.js';
import { type AttributePlan, EMPTY, planOf } from './attribute-plan.js';
import { AttributeRest } from './attribute-rest.js';
import type { JsonBytes } from './json-bytes.js';
import { type JsonPiece, jsonPiece } from './json-piece.js';

const COMMA = 0x2c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const TRUE = jsonPiece('true');
const FALSE = jsonPiece('false');

/** Attributes of one request, with what their owners have in common. */
export interface PatternedSource extends AttributeSource {
  patterns: AttributePatterns;
}

/** Writes attributes as the typed fields of mappings.ts. One per index and owner of attributes (item or resource). */
export class AttributeWriter {
  readonly #keys: AttributeKeys;
  /** By the number of the pattern; good for one request. */
  #plans: (AttributePlan | undefined)[] = [];
  #patterns: AttributePatterns | null = null;
  /** Of the item that was written last. */
  #plan: AttributePlan = EMPTY;
  #from = 0;

  constructor(keys: AttributeKeys) {
    this.#keys = keys;
  }

  /** Of the item that was written last: rank in CATEGORIES. */
  get category(): number {
    return this.#plan.category;
  }

  /** Writes `{…}` with the attributes of the rows `[from, to)`; of a key that stands twice the first counts. */
  write(out: JsonBytes, source: PatternedSource, from: number, to: number): void {
    const plan = this.#planFor(source, from, to);
    this.#plan = plan;
    this.#from = from;
    let rest: AttributeRest | null = null;
    const start = out.length;
    const { attributes } = plan;
    for (let i = 0; i < attributes.length; i++) {
      const { place, type, key } = attributes[i]!;
      if (!this.#plain(out, source, from + place, type, key)) {
        rest ??= new AttributeRest();
        rest.add(out, source, from + place, key, this.#keys);
      }
    }
    rest?.finish(out);
    // Every member begins with a comma; the first one's is where the object opens.
    if (out.length === start) out.byte(COMMA);
    out.bytes[start] = OPEN;
    out.byte(CLOSE);
  }

  /** `,"keys":[…]` with the names of the item that was written last. */
  writeKeys(out: JsonBytes): void {
    out.put(this.#plan.keys);
  }

  /** `,"correlation_id":…` and the like of the item that was written last. */
  writeColumns(out: JsonBytes, source: AttributeSource): void {
    const { correlationId, sagaId, synthetic } = this.#plan;
    const from = this.#from;
    if (correlationId !== -1) writeText(out, CORRELATION_ID, source, from + correlationId);
    if (sagaId !== -1) writeText(out, SAGA_ID, source, from + sagaId);
    if (synthetic !== -1 && isTrue(source, from + synthetic)) out.put(SYNTHETIC);
  }

  #planFor(source: PatternedSource, from: number, to: number): AttributePlan {
    const { patterns } = source;
    if (patterns !== this.#patterns) {
      this.#patterns = patterns;
      this.#plans = [];
    }
    const number = patterns.of(from, to);
    return (this.#plans[number] ??= planOf(this.#keys, source, from, to));
  }

  /** The usual case: a plain value with a field of its own, which says everything about it. */
  #plain(out: JsonBytes, source: AttributeSource, row: number, type: AttributeType, key: AttributeKey): boolean {
    const { attributes } = source;
    switch (type) {
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
        out.put(prefix);
        out.number(value);
        return true;
      }
      case AttributeType.boolean: {
        const prefix = key.bool ?? this.#keys.field(key, 'bool');
        if (!prefix) return false;
        out.put(prefix);
        out.put(attributes.number[row] === 1 ? TRUE : FALSE);
        return true;
      }
      default:
        return false;
    }
  }
}

const CORRELATION_ID = jsonPiece(',"correlation_id":"');
const SAGA_ID = jsonPiece(',"saga_id":"');
const SYNTHETIC = jsonPiece(',"synthetic":true');

/** An attribute's text; one that is empty is left out. */
function writeText(out: JsonBytes, member: JsonPiece, source: AttributeSource, row: number): void {
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
