/** JSON that is written again and again: its bytes as whole words, so that they are copied four at a time. */
export interface JsonPiece {
  /** In the machine's order; the last one is padded with zeros. */
  readonly words: Int32Array;
  /** Bytes of it that count. */
  readonly length: number;
}

export const WORD = Int32Array.BYTES_PER_ELEMENT;

export function jsonPiece(json: string | Uint8Array): JsonPiece {
  const bytes = typeof json === 'string' ? Buffer.from(json, 'utf8') : json;
  const words = new Int32Array(Math.ceil(bytes.length / WORD));
  new Uint8Array(words.buffer).set(bytes);
  return { words, length: bytes.length };
}
