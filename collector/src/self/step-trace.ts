/**
 * Steps by which a promise to a sender is kept, in the order of the data's path. Between any two of them a process may
 * die; what must hold then is written in docs/durability.md.
 */
export type Step =
  /** A new segment of the log is made, its name on the disk. */
  | 'log.begun'
  /** Frames are written, but not synced. */
  | 'log.appended'
  | 'log.synced'
  /** Readers are told how far the log is durable. */
  | 'log.marked'
  /** The sender is about to be told. */
  | 'intake.answering'
  /** The hashes of a segment that is about to be deleted are kept. */
  | 'log.hashed'
  | 'log.deleted'
  /** Records are about to be stored, and a mark says so. */
  | 'store.attempted'
  /** A slice's file is there, laid out, and attached. */
  | 'store.attached'
  /** Records are decoded, and gathered in memory for the next commit. */
  | 'store.staged'
  /** Rows, deltas and the cursor are in a transaction. */
  | 'store.inserted'
  | 'store.committed'
  /** A slice's file is detached between two commits, to be attached anew. */
  | 'store.detached'
  | 'store.renewed'
  /** The log is told that it is no longer needed up to here. */
  | 'store.released'
  /** The file that a slice is rewritten to is there, empty. */
  | 'seal.begun'
  /** Some of its rows are copied. */
  | 'seal.copied'
  /** It is whole, but not synced. */
  | 'seal.built'
  | 'seal.synced'
  /** It has its name, and counts at the next start. */
  | 'seal.renamed'
  /** Questions are answered from it. */
  | 'seal.replaced'
  /** The file before it is removed. */
  | 'seal.removed';

/**
 * Told of every step once it is done, with its position in the log (0 where there is none). It returns before anything
 * else happens, so that what it wrote is true at whatever moment the process dies.
 */
export type StepTrace = (step: Step, position: number) => void;

export const untraced: StepTrace = () => undefined;
