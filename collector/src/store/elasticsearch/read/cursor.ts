import { StoreError } from '../../store.js';

/** What a place in a list is told by: sort values in the order of the sort. */
export type CursorShape = readonly ('text' | 'whole' | 'number' | 'time')[];

/** Longest text in a cursor of ours: a name of a service or an identifier that can be sorted by. */
const LONGEST_TEXT = 32_766;
/** `strict_date_optional_time_nanos`, as the search answers and as it wants it back. */
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z$/;

/** Sort values of the last row as an opaque text. */
export function cursorText(sort: unknown[]): string {
  return Buffer.from(JSON.stringify(sort), 'utf8').toString('base64url');
}

/** @throws StoreError `cursor_invalid` when it is not a cursor of this shape */
export function cursorValues(cursor: string, shape: CursorShape): (string | number)[] {
  const values = parsed(cursor);
  if (values?.length === shape.length && shape.every((type, place) => is(values[place], type))) {
    return values as (string | number)[];
  }
  throw new StoreError('cursor_invalid', 'The cursor is not one of this question: ask again from the beginning.', {
    retryable: false,
  });
}

function parsed(cursor: string): unknown[] | null {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(values) ? values : null;
  } catch {
    return null;
  }
}

function is(value: unknown, type: CursorShape[number]): boolean {
  switch (type) {
    case 'text':
      return typeof value === 'string' && value.length <= LONGEST_TEXT;
    case 'time':
      return typeof value === 'string' && TIME.test(value);
    case 'whole':
      return Number.isSafeInteger(value);
    case 'number':
      return typeof value === 'number' && Number.isFinite(value);
  }
}
