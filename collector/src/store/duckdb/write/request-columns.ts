/** Ids of a request's resources or scopes, looked up once each. */
export function idsOf(count: number, idOf: (row: number) => number): Int32Array {
  const ids = new Int32Array(count);
  for (let row = 0; row < count; row++) ids[row] = idOf(row);
  return ids;
}

/** The halves of 64-bit numbers, low first. */
export function wordsOf(numbers: BigUint64Array): Uint32Array {
  return new Uint32Array(numbers.buffer, numbers.byteOffset, numbers.length * 2);
}
