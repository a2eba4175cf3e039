/** Keys longer than this many bytes get no field of their own. */
const LONGEST_FIELD_KEY = 256;

/**
 * Whether an attribute name may become a field. `*` is a pattern wherever a query names a field, and a name that is not
 * UTF-8 has the text of another one.
 */
export function mayBeField(key: string): boolean {
  return Buffer.byteLength(key) <= LONGEST_FIELD_KEY && !/[*\p{Cc}\ufffd]/u.test(key) && key.trim() !== '';
}

/** Between key and value of a term in `more.*`; a control character, so hardly part of a key. */
const SEPARATOR = '\u001f';

/** First term of a key, and the first that is none of it any more: every term of the key lies between. */
export function termRange(key: string): { from: string; to: string } {
  return { from: key + SEPARATOR, to: `${key} ` };
}

/** The term by which a key without a field of its own is found. */
export function termOf(key: string, value: string): string {
  return key + SEPARATOR + value;
}

/**
 * A double as 16 hex digits that sort like the numbers do (negatives before positives, by size), so that a range over
 * terms is a range over numbers.
 */
export function sortableNumber(value: number): string {
  const view = new DataView(new ArrayBuffer(8));
  // Minus zero is zero in every comparison.
  view.setFloat64(0, value === 0 ? 0 : value);
  const bits = view.getBigUint64(0);
  const ordered = bits >> 63n === 1n ? ~bits & 0xffff_ffff_ffff_ffffn : bits | 0x8000_0000_0000_0000n;
  return ordered.toString(16).padStart(16, '0');
}

/** The number that {@link sortableNumber} wrote. */
export function numberOfSortable(text: string): number {
  const ordered = BigInt(`0x${text}`);
  const bits = ordered >> 63n === 1n ? ordered & 0x7fff_ffff_ffff_ffffn : ~ordered & 0xffff_ffff_ffff_ffffn;
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, bits);
  return view.getFloat64(0);
}
