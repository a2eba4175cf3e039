import { StoreError } from '../../store.js';

/** A place in a sorted list: the sort key of the last row given, and what tells rows with the same key apart. */
export function cursorText(parts: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** @throws StoreError `cursor_invalid` when the text is not a cursor of `length` whole numbers or hex ids as text. */
export function cursorParts(text: string, length: number): string[] {
  try {
    const parts = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown;
    if (
      Array.isArray(parts) &&
      parts.length === length &&
      parts.every((part) => /^-?[\da-f]{1,32}$/.test(String(part)))
    ) {
      return parts.map(String);
    }
  } catch {
    // Falls through: whatever it is, it is no cursor of ours.
  }
  throw new StoreError('cursor_invalid', 'the cursor is not one of this list', { retryable: false });
}
