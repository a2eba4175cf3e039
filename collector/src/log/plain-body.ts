import { gunzipSync } from 'node:zlib';
import { BodyEncoding, type LogRecord } from './log-record.js';

/** A request is never larger than this once it is unpacked; the intake refuses larger ones. */
const MAX_BODY_BYTES = 256 << 20;
/** Set aside at most at once on the word of a body. */
const MAX_GUESS_BYTES = 4 << 20;

/**
 * The body of a record without its compression.
 * @throws when it does not unpack, or to more than a request may be
 */
export function plainBody({ encoding, body }: Pick<LogRecord, 'encoding' | 'body'>): Uint8Array {
  if (encoding !== BodyEncoding.gzip) return body;
  // A gzip stream ends with the length of what it holds, modulo 2³²: unpacked in one piece, nothing is copied together.
  const claimed =
    body.length < 18 ? 0 : new DataView(body.buffer, body.byteOffset + body.length - 4).getUint32(0, true);
  const chunkSize = Math.min(Math.max(claimed + 64, 1024), MAX_GUESS_BYTES);
  return gunzipSync(body, { chunkSize, maxOutputLength: MAX_BODY_BYTES });
}
