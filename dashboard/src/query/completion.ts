/** What can be completed where the cursor stands. */
export type Completion =
  | { kind: 'field'; prefix: string; from: number; to: number }
  | { kind: 'value'; field: string; prefix: string; from: number; to: number };

/**
 * Looks at the word before the cursor: a field's name, or a value after `field:`. Inside a closed quotation, or after
 * a comparison, there is nothing to offer.
 */
export function completionAt(text: string, cursor: number): Completion | null {
  const before = text.slice(0, cursor);
  const value = /(?:^|[\s(])([\w.@/-]+):("?)([^"\s()]*|[^"]*)$/.exec(before);
  if (value && (value[2] === '"' || !/\s/.test(value[3] ?? ''))) {
    const prefix = value[3] ?? '';
    return {
      kind: 'value',
      field: value[1] ?? '',
      prefix,
      from: cursor - prefix.length - (value[2] ? 1 : 0),
      to: cursor,
    };
  }
  if ((before.match(/"/g) ?? []).length % 2 === 1) return null;
  const field = /(?:^|[\s(])([\w.@/-]*)$/.exec(before);
  if (!field) return null;
  const prefix = field[1] ?? '';
  return { kind: 'field', prefix, from: cursor - prefix.length, to: cursor };
}

/** The text with the completion in place, and where the cursor stands then. */
export function complete(text: string, completion: Completion, insert: string): { text: string; cursor: number } {
  const result = text.slice(0, completion.from) + insert + text.slice(completion.to);
  return { text: result, cursor: completion.from + insert.length };
}
