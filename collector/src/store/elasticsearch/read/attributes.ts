import type { Attributes, AttributeValue } from '../../../api/contract/index.js';

/** Attributes as they came, from the typed fields they were written to. */
export function attributesOf(fields: unknown): Attributes {
  const entries = new Map<string, AttributeValue>();
  if (typeof fields !== 'object' || fields === null) return {};
  const exact = (fields as { json?: string }).json;
  for (const [field, value] of Object.entries(fields)) {
    const dot = field.indexOf('.');
    const type = field.slice(0, dot);
    if (type === 'str' || type === 'num' || type === 'bool') entries.set(field.slice(dot + 1), value as AttributeValue);
  }
  if (exact) for (const [key, value] of Object.entries(JSON.parse(exact) as Attributes)) entries.set(key, value);
  return Object.fromEntries(entries);
}
