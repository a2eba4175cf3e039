import { DocumentBatch } from './document-batch.js';

/** Room for the document that goes beyond the size at which a body is sent. */
const LAST_DOCUMENT = 64 * 1024;

/**
 * Batches whose documents have arrived, to be filled again: megabytes that are asked of the system anew for every
 * request cost more than what is written into them.
 */
export class SpareBatches {
  readonly #capacity: number;
  readonly #most: number;
  readonly #spare: DocumentBatch[] = [];

  /**
   * @param bytes at which a batch is sent
   * @param most batches that are kept
   */
  constructor(bytes: number, most: number) {
    this.#capacity = bytes + LAST_DOCUMENT;
    this.#most = most;
  }

  take(): DocumentBatch {
    return this.#spare.pop() ?? new DocumentBatch(this.#capacity);
  }

  /** A batch that was answered for at its first request: nobody reads its bytes any more. */
  give(batch: DocumentBatch): void {
    if (batch.sentAgain || batch.out.bytes.length > this.#capacity || this.#spare.length >= this.#most) return;
    batch.clear();
    this.#spare.push(batch);
  }
}
