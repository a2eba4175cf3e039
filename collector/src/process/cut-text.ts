/** Stands at the end of a text that was cut. */
const MARK = Buffer.from('… [truncated]', 'utf8');

/** The first bytes of a UTF-8 text and a mark, together at most `maxBytes`; no character is cut in two. */
export function cutText(bytes: Uint8Array, from: number, to: number, maxBytes: number): Uint8Array {
  let end = Math.min(to, from + Math.max(0, maxBytes - MARK.length));
  // Continuation bytes are 10xxxxxx.
  for (let back = 0; back < 3 && end > from && (bytes[end]! & 0xc0) === 0x80; back++) end--;
  return Buffer.concat([bytes.subarray(from, end), MARK]);
}
