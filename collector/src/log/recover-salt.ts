/** Polynomial of CRC-32 (ISO 3309), bits reversed. */
const POLYNOMIAL = 0xedb8_8320;

/**
 * The value a checksum was begun with, from what it came to: a CRC can be run backwards. So the salt of a segment whose
 * header is damaged is learnt from a frame that is whole.
 */
export function recoverSalt(bytes: Uint8Array, checksum: number): number {
  let state = ~checksum >>> 0;
  for (let at = bytes.length - 1; at >= 0; at--) {
    for (let bit = 0; bit < 8; bit++)
      state = state >>> 31 ? (((state ^ POLYNOMIAL) << 1) | 1) >>> 0 : (state << 1) >>> 0;
    state = (state ^ (bytes[at] as number)) >>> 0;
  }
  return ~state >>> 0;
}
