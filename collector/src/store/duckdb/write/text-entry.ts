import { isUtf8 } from 'node:buffer';
import type { NativeHeap } from './native-heap.js';

/** Bytes that a string entry holds itself instead of pointing at them. */
const INLINE = 12;
const decoder = new TextDecoder();

/**
 * Writes one sixteen-byte string entry of a DuckDB vector: length, then up to twelve bytes, or four bytes and a place
 * on the heap, which {@link pointEntries} turns into an address.
 * @param place of `source[from]` on the heap
 */
function writeEntry(
  entries: Uint32Array,
  row: number,
  source: Uint8Array,
  from: number,
  length: number,
  place: number,
): void {
  const at = row * 4;
  entries[at] = length;
  if (length > INLINE) {
    entries[at + 1] = packed(source, from, 4);
    entries[at + 2] = place;
    entries[at + 3] = 0;
    return;
  }
  entries[at + 1] = packed(source, from, length);
  entries[at + 2] = length > 4 ? packed(source, from + 4, length - 4) : 0;
  entries[at + 3] = length > 8 ? packed(source, from + 8, length - 8) : 0;
}

function packed(source: Uint8Array, from: number, length: number): number {
  let word = 0;
  for (let index = Math.min(length, 4) - 1; index >= 0; index--) word = (word << 8) | (source[from + index] as number);
  return word >>> 0;
}

/** Turns places on the heap into addresses. */
export function pointEntries(entries: Uint32Array, rows: number, heapAddress: number): void {
  const end = rows * 4;
  for (let at = 0; at < end; at += 4) {
    if ((entries[at] as number) <= INLINE) continue;
    const address = heapAddress + (entries[at + 2] as number);
    entries[at + 2] = address % 4294967296;
    entries[at + 3] = address / 4294967296;
  }
}

/**
 * Writes text that stands in a request. DuckDB trusts that text is UTF-8 and fails, or worse, when it is not; senders
 * are not to be trusted with that, so what is not UTF-8 becomes U+FFFD.
 * @param bodyPlace of `source[0]` on the heap
 */
export function writeBytes(
  entries: Uint32Array,
  row: number,
  source: Uint8Array,
  offset: number,
  length: number,
  bodyPlace: number,
  heap: NativeHeap,
): void {
  if (isText(source, offset, length)) writeEntry(entries, row, source, offset, length, bodyPlace + offset);
  else writeMade(entries, row, decoder.decode(source.subarray(offset, offset + length)), heap);
}

/** Writes a string that JavaScript made. */
export function writeMade(entries: Uint32Array, row: number, text: string, heap: NativeHeap): void {
  const { bytes, at, length } = heap.placeText(text);
  writeEntry(entries, row, bytes, at, length, at);
}

const digits = new Uint8Array(INLINE);
const TRUE = Buffer.from('true');
const FALSE = Buffer.from('false');
/** The largest whole number that is written with digits that fit into an entry. */
const LARGEST_INLINE = 999_999_999_999;

/**
 * Writes a whole number as decimal text without making a string of it.
 * @returns false when it does not fit an entry; nothing was written then
 */
export function writeInteger(entries: Uint32Array, row: number, value: number): boolean {
  if (!(value >= 0 && value <= LARGEST_INLINE)) return false;
  let from = INLINE;
  let rest = value;
  do {
    const next = Math.floor(rest / 10);
    digits[--from] = 48 + (rest - next * 10);
    rest = next;
  } while (rest > 0);
  writeEntry(entries, row, digits, from, INLINE - from, 0);
  return true;
}

export function writeBoolean(entries: Uint32Array, row: number, value: boolean): void {
  const text = value ? TRUE : FALSE;
  writeEntry(entries, row, text, 0, text.length, 0);
}

function isText(source: Uint8Array, from: number, length: number): boolean {
  const end = from + length;
  for (let index = from; index < end; index++) {
    if ((source[index] as number) > 0x7f) return isUtf8(source.subarray(from, end));
  }
  return true;
}
