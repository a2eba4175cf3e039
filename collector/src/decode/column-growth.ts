import { DecodeError } from './decode-error.js';

type Column = Uint8Array | Uint32Array | Int32Array | Float64Array | BigUint64Array | BigInt64Array;

/**
 * Rows of one kind in one request. An empty message is two bytes on the wire and up to 150 in columns, so without a
 * bound a body that compresses to nothing would take gigabytes.
 */
export const MAX_ROWS = 1 << 20;

/** @throws DecodeError when there would be more than {@link MAX_ROWS}. */
export function nextCapacity(capacity: number): number {
  if (capacity >= MAX_ROWS) {
    throw new DecodeError(`more than ${MAX_ROWS} items, attributes or points in one request: send smaller ones`);
  }
  return Math.min(MAX_ROWS, Math.max(16, capacity * 2));
}

/** A first guess for `length` bytes of which a row takes about `rowBytes`. */
export function firstCapacity(length: number, rowBytes: number): number {
  return Math.min(MAX_ROWS, 32 + Math.floor(length / rowBytes));
}

/** A copy of `column` with room for `capacity` rows. */
export function grown<C extends Column>(column: C, capacity: number): C {
  const larger = new (column.constructor as new (length: number) => C)(capacity);
  (larger as Uint8Array).set(column as Uint8Array);
  return larger;
}

/** The 32-bit words of a column of 64-bit integers: writing words makes no bigint per value. */
export function words(column: BigUint64Array | BigInt64Array): Uint32Array {
  return new Uint32Array(column.buffer, column.byteOffset, column.length * 2);
}
