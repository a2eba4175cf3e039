import { StoreError } from '../store.js';

/** What a place in a list is told by: sort values in the order of the sort. */
export type CursorShape = readonly ('text' | 'id' | 'whole' | 'integer' | 'time')[];

/** Longest text in a cursor of ours: a name of a service or an identifier that can be sorted by. */
const LONGEST_TEXT = 32_766;
/** `strict_date_optional_time_nanos`, as Elasticsearch's search answers and as it wants it back. */
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z$/;
const ID = /^[\da-f]{1,32}$/;
const INTEGER = /^-?\d{1,19}$/;

/** Sort values of the last row given as an opaque text; 64-bit integers in decimal. */
export function cursorText(sort: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(sort), 'utf8').toString('base64url');
}

/** @throws StoreError `cursor_invalid` when it is not a cursor of this shape */
export function cursorValues<const Shape extends CursorShape>(
  cursor: string,
  shape: Shape,
): { -readonly [Place in keyof Shape]: Shape[Place] extends 'whole' ? number : string } {
  const values = parsed(cursor);
  if (values?.length === shape.length && shape.every((type, place) => is(values[place], type))) {
    return values as ReturnType<typeof cursorValues<Shape>>;
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
  if (type === 'whole') return Number.isSafeInteger(value);
  if (typeof value !== 'string') return false;
  switch (type) {
    case 'text':
      return value.length <= LONGEST_TEXT;
    case 'id':
      return ID.test(value);
    case 'integer':
      return INTEGER.test(value) && BigInt.asIntN(64, BigInt(value)) === BigInt(value);
    case 'time':
      return TIME.test(value);
  }
}
