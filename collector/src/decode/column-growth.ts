type Column = Uint8Array | Uint32Array | Int32Array | Float64Array | BigUint64Array | BigInt64Array;

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
