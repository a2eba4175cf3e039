import type { JsonBytes } from './json-bytes.js';

/** What a kind of merged document is: how deltas become a state, and a state a document. */
export interface Merging<Delta> {
  /** A state of its own that begins as this delta. */
  copy(delta: Delta): Delta;
  /** Adds `from` to `into`, which the caller owns. */
  merge(into: Delta, from: Delta): void;
  /** Fields to search by, and whatever `read` needs: a JSON object without its last brace. */
  write(out: JsonBytes, state: Delta): void;
  read(source: Record<string, unknown>): Delta;
}
