import { WireCursor } from '../decode/wire-cursor.js';
import { WireWriter } from '../decode/wire-writer.js';
import type { Edit } from './edit.js';

/**
 * The message with the edits applied and the lengths around them put right. Needs no schema: a field is entered only
 * because an edit lies within it, and edits are made by those who know the schema.
 * @param edits sorted by `from`, not overlapping.
 */
export function rewrite(bytes: Uint8Array, edits: readonly Edit[]): Uint8Array {
  const rewriter = new Rewriter(bytes, edits);
  return rewriter.run();
}

class Rewriter {
  private readonly bytes: Uint8Array;
  private readonly edits: readonly Edit[];
  private readonly cursor: WireCursor;
  private readonly writer: WireWriter;
  private next = 0;

  constructor(bytes: Uint8Array, edits: readonly Edit[]) {
    this.bytes = bytes;
    this.edits = edits;
    this.cursor = new WireCursor(bytes);
    this.writer = new WireWriter(bytes.length + edits.reduce((sum, edit) => sum + edit.bytes.length, 64));
  }

  run(): Uint8Array {
    this.message(0, this.bytes.length);
    return this.writer.finish();
  }

  private message(start: number, end: number): void {
    const { cursor, writer } = this;
    let edit = this.edits[this.next];
    while (edit !== undefined && edit.from === start && edit.to === start) {
      writer.raw(edit.bytes);
      edit = this.edits[++this.next];
    }
    cursor.pos = start;
    let copied = start;
    while (cursor.pos < end) {
      edit = this.edits[this.next];
      if (edit === undefined || edit.from >= end) break;
      const tag = cursor.tag(end);
      if ((tag & 7) !== 2) {
        cursor.skip(tag, end);
        continue;
      }
      const afterTag = cursor.pos;
      const length = cursor.length(end);
      const from = cursor.pos;
      const to = from + length;
      const replaced = edit.from === from && edit.to === to && edit.from !== edit.to;
      if (replaced || (edit.from >= from && edit.from < to)) {
        writer.raw(this.bytes, copied, afterTag);
        const mark = writer.open();
        if (replaced) {
          writer.raw(edit.bytes);
          this.next++;
        } else this.message(from, to);
        writer.close(mark);
        copied = to;
      }
      cursor.pos = to;
    }
    writer.raw(this.bytes, copied, end);
    cursor.pos = end;
  }
}
