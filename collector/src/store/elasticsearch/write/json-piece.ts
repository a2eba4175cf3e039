/** JSON that is written again and again: its bytes as whole words, so that they are copied eight at a time. */
export interface JsonPiece {
  /**
   * The bytes as they lie in memory; the last word is padded with zeros. Doubles are what V8 copies most quickly, and no
   * UTF-8 makes one that is not a number, whose bits need not survive.
   */
  readonly words: Float64Array;
  /** Bytes of it that count. */
  readonly length: number;
}

export const PIECE_WORD = Float64Array.BYTES_PER_ELEMENT;

/** @param json when it is bytes, UTF-8 */
export function jsonPiece(json: string | Uint8Array): JsonPiece {
  const bytes = typeof json === 'string' ? Buffer.from(json, 'utf8') : json;
  const words = new Float64Array(Math.ceil(bytes.length / PIECE_WORD));
  new Uint8Array(words.buffer).set(bytes);
  return { words, length: bytes.length };
}
