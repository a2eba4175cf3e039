import { StoreError } from '../../store.js';

/** A place in a sorted list: the sort key of the last row given, and what tells rows with the same key apart. */
export function cursorText(parts: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

const PARTS = {
  integer: /^-?\d{1,20}$/,
  number: /^-?\d+(\.\d+)?(e[+-]?\d+)?$/,
  id: /^[\da-f]{1,32}$/,
  text: /^/,
} as const;

/** @throws StoreError `cursor_invalid` when the text is not a cursor of such parts. */
export function cursorParts(text: string, kinds: readonly (keyof typeof PARTS)[]): string[] {
  try {
    const parts = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown;
    if (Array.isArray(parts) && parts.length === kinds.length) {
      const texts = parts.map(String);
      if (kinds.every((kind, at) => PARTS[kind].test(texts[at] ?? ''))) return texts;
    }
  } catch {
    // Falls through: whatever it is, it is no cursor of ours.
  }
  throw new StoreError('cursor_invalid', 'the cursor is not one of this list', { retryable: false });
}
