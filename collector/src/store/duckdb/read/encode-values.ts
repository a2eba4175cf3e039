import type { Attributes, AttributeValue } from '../../../api/contract/index.js';
import { AttributeType } from '../../../telemetry/attribute-columns.js';

/** A value as the API gives it, from its stored text. */
export function valueOf(type: number, text: string): AttributeValue {
  switch (type) {
    case AttributeType.boolean:
      return text === 'true';
    case AttributeType.int: {
      const number = Number(text);
      return Number.isSafeInteger(number) ? number : text;
    }
    case AttributeType.double: {
      const number = Number(text);
      return Number.isFinite(number) ? number : text;
    }
    case AttributeType.array:
    case AttributeType.map:
      return JSON.parse(text) as AttributeValue;
    case AttributeType.empty:
      return null;
    default:
      return text;
  }
}

/** Attributes from keys, types and texts of the same length; of a key that stands twice the first counts. */
export function attributesOf(keys: readonly string[], types: readonly number[], texts: readonly string[]): Attributes {
  const entries = new Map<string, AttributeValue>();
  keys.forEach((key, index) => {
    if (!entries.has(key)) entries.set(key, valueOf(types[index] as number, texts[index] ?? ''));
  });
  return Object.fromEntries(entries);
}

export function hexOf(id: unknown, digits: 16 | 32): string {
  return (id as bigint).toString(16).padStart(digits, '0');
}

/** Empty for the id that stands for none. */
export function hexOrEmpty(id: unknown, digits: 16 | 32): string {
  return (id as bigint) === 0n ? '' : hexOf(id, digits);
}

/** Elements of a list column. */
export function listOf<Element>(value: unknown): Element[] {
  return ((value as { items: Element[] } | null)?.items ?? []) as Element[];
}
