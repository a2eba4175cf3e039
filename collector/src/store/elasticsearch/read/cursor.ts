import { StoreError } from '../../store.js';

/** Sort values of the last row as an opaque text. */
export function cursorText(sort: unknown[]): string {
  return Buffer.from(JSON.stringify(sort), 'utf8').toString('base64url');
}

/** @throws StoreError `cursor_invalid` when it is not a cursor of ours */
export function cursorValues(cursor: string, length: number): (string | number)[] {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(values) && values.length === length && values.every(isPlain)) return values;
  } catch {
    // Falls through to the one sentence there is to say.
  }
  throw new StoreError('cursor_invalid', 'The cursor is not one of this question: ask again from the beginning.', {
    retryable: false,
  });
}

function isPlain(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}
