import { type AttributeSource, attributeValue } from '../../../decode/text.js';
import { AttributeType } from '../../../telemetry/attribute-columns.js';
import { sortableNumber, termOf } from '../attribute-terms.js';
import { COMPARED_LENGTH } from '../mappings.js';
import type { AttributeKey, AttributeKeys, FieldType } from './attribute-keys.js';
import { type JsonBytes, wellFormed } from './json-bytes.js';

interface Typed {
  str: string[];
  num: number[];
  bool: boolean[];
  int: string[];
}

/**
 * Attributes of one item that need more than a typed field: names without a field, long texts, whole numbers beyond
 * 2⁵³, lists, maps, bytes and empty values. Searchable as the query language says, and kept exactly as `json`.
 */
export class AttributeRest {
  readonly #json: [string, unknown][] = [];
  readonly #more: Record<'str' | 'num' | 'bool' | 'there' | 'blank', string[]> = {
    str: [],
    num: [],
    bool: [],
    there: [],
    blank: [],
  };

  add(out: JsonBytes, source: AttributeSource, row: number, key: AttributeKey, keys: AttributeKeys) {
    const value = attributeValue(source, row);
    this.#json.push([key.text, value]);
    const type = source.attributes.type[row];
    if (type === AttributeType.empty || isEmpty(value)) {
      this.#more.blank.push(key.text);
      if (value === '') this.#put(out, key, keys, 'str', ['']);
      return;
    }
    const typed: Typed = { str: [], num: [], bool: [], int: [] };
    if (type === AttributeType.string) typed.str.push(compared(value as string));
    else if (type === AttributeType.boolean) typed.bool.push(value as boolean);
    else if (type === AttributeType.int || type === AttributeType.double) {
      const number = source.attributes.number[row]!;
      if (Number.isFinite(number)) typed.num.push(number);
      else if (Number.isNaN(number)) this.#more.there.push(key.text);
      // No field of doubles takes an infinity; as a term it has its place in the order.
      else this.#more.num.push(termOf(key.text, sortableNumber(number)));
      if (type === AttributeType.int) typed.int.push(source.attributes.int[row]!.toString());
      else if (Number.isInteger(number)) typed.int.push(BigInt(number).toString());
    } else {
      this.#more.there.push(key.text);
      if (type === AttributeType.array) addElements(typed, value as unknown[]);
    }
    if (typed.int.every((digits) => Number.isSafeInteger(Number(digits)))) typed.int = [];
    for (const field of ['str', 'num', 'bool', 'int'] as const) this.#put(out, key, keys, field, typed[field]);
  }

  /** Writes the members that all of them share. */
  finish(out: JsonBytes): void {
    for (const [name, terms] of Object.entries(this.#more)) {
      if (terms.length === 0) continue;
      out.ascii(`,"more.${name}":`);
      writeJson(out, terms.map(wellFormed));
    }
    out.ascii(',"json":');
    out.string(JSON.stringify(Object.fromEntries(this.#json)));
  }

  #put(
    out: JsonBytes,
    key: AttributeKey,
    keys: AttributeKeys,
    type: FieldType,
    values: (string | number | boolean)[],
  ): void {
    if (values.length === 0) return;
    const prefix = keys.field(key, type);
    if (prefix) {
      out.put(prefix);
      // The opening quote of a text belongs to the prefix; here JSON writes its own, or a list begins.
      if (type === 'str') out.length--;
      writeJson(out, values.length === 1 ? values[0] : values);
      return;
    }
    const terms = this.#more[type === 'int' ? 'str' : type];
    for (const value of values) {
      terms.push(termOf(key.text, typeof value === 'number' ? sortableNumber(value) : String(value)));
    }
  }
}

function isEmpty(value: unknown): boolean {
  if (value === '' || value === null) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** Elements are compared one by one; lists and maps among them are not looked into. */
function addElements(typed: Typed, elements: unknown[]): void {
  for (const element of elements) {
    if (typeof element === 'string') typed.str.push(compared(element));
    else if (typeof element === 'number') typed.num.push(element);
    else if (typeof element === 'boolean') typed.bool.push(element);
  }
}

/** The part of a text that takes part in comparisons. */
function compared(text: string): string {
  if (text.length <= COMPARED_LENGTH) return wellFormed(text);
  return wellFormed(
    Array.from(text.slice(0, COMPARED_LENGTH * 2))
      .slice(0, COMPARED_LENGTH)
      .join(''),
  );
}

function writeJson(out: JsonBytes, value: unknown): void {
  out.utf8(JSON.stringify(value));
}
