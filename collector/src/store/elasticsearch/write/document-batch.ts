import { JsonBytes } from './json-bytes.js';

/**
 * Writes documents of one record, from item `first` on, until the batch holds `fullAt` bytes or there are no more. Returns the
 * item to go on with. What the record's items share they have once each, so a record may be very much more as documents.
 */
export type AddRows = (batch: DocumentBatch, first: number, fullAt: number) => number;

/** Documents on their way: the NDJSON of a `_bulk` request, and where in it each of them begins. */
export class DocumentBatch {
  readonly out: JsonBytes;
  /** Start of each document's action line; one more than `count` are valid: the last is the end. */
  starts = new Uint32Array(1024);
  count = 0;
  /** Where documents go that name no index; null while there are none of them. */
  index: string | null = null;
  /** Whether a request with these bytes may still be under way somewhere, though another one was answered. */
  sentAgain = false;

  constructor(capacity?: number) {
    this.out = new JsonBytes(capacity);
  }

  /** Empty, with its memory kept. */
  clear(): void {
    this.count = 0;
    this.index = null;
    this.out.length = 0;
  }

  /** Whether a document for this index need not name it: the first such index is that of the request. */
  isFor(index: string): boolean {
    return (this.index ??= index) === index;
  }

  /** Call before writing a document's action line. */
  begin(): void {
    if (this.count + 2 > this.starts.length) {
      const grown = new Uint32Array(this.starts.length * 2);
      grown.set(this.starts);
      this.starts = grown;
    }
    this.starts[this.count] = this.out.length;
  }

  /** Call after a document's source line. */
  end(): void {
    this.out.byte(0x0a);
    this.count++;
    this.starts[this.count] = this.out.length;
  }

  /** A document that is an object already; it names its index. */
  add(action: 'create' | 'index', target: Record<string, unknown>, document: unknown): void {
    this.addText(`${JSON.stringify({ [action]: target })}\n${JSON.stringify(document)}`);
  }

  /** Action and source line as they stand. */
  addText(lines: string): void {
    this.begin();
    this.out.utf8(lines);
    this.end();
  }

  body(): Buffer {
    return this.out.bytes.subarray(0, this.out.length);
  }

  bytesOf(document: number): Buffer {
    return this.out.bytes.subarray(this.starts[document], this.starts[document + 1]);
  }
}
