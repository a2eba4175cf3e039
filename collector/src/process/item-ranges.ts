import { WireCursor } from '../decode/wire-cursor.js';

/** Where the content of every span or log record begins and ends, in order. */
export function itemRanges(bytes: Uint8Array): { from: number; to: number }[] {
  const cursor = new WireCursor(bytes);
  const ranges: { from: number; to: number }[] = [];
  // Resources are field 1 of the request, scopes 2 of a resource, items 2 of a scope, in every signal.
  eachField(cursor, bytes.length, 1, (resourceEnd) => {
    eachField(cursor, resourceEnd, 2, (scopeEnd) => {
      eachField(cursor, scopeEnd, 2, (to) => ranges.push({ from: cursor.pos, to }));
    });
  });
  return ranges;
}

function eachField(cursor: WireCursor, end: number, field: number, visit: (to: number) => void): void {
  const wanted = (field << 3) | 2;
  while (cursor.pos < end) {
    const tag = cursor.tag(end);
    if (tag !== wanted) {
      cursor.skip(tag, end);
      continue;
    }
    const length = cursor.length(end);
    const to = cursor.pos + length;
    visit(to);
    cursor.pos = to;
  }
}
