import type { JsonBytes } from './json-bytes.js';
import type { NanoWords } from './nano-words.js';

/** `,"@timestamp":"<ms>.<six digits>"`, which `date_nanos` reads exactly. */
export function writeIndexedTime(out: JsonBytes, time: NanoWords): void {
  out.ascii(',"@timestamp":"');
  out.digits(time.indexedMs, 0);
  out.byte(0x2e);
  out.digits(time.rest, 6);
  out.byte(0x22);
}

/** Nanoseconds as decimal text, exactly as they came; `member` ends with the opening quote. */
export function writeNanos(out: JsonBytes, member: string, time: NanoWords): void {
  out.ascii(member);
  if (time.ms === 0) out.digits(time.rest, 0);
  else {
    out.digits(time.ms, 0);
    out.digits(time.rest, 6);
  }
  out.byte(0x22);
}
