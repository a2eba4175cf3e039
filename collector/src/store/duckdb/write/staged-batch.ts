import type { RowTable } from '../schema.js';
import type { Chunk } from './chunk.js';

/** Rows that wait for DuckDB. */
export interface StagedChunk {
  table: RowTable;
  chunk: Chunk;
  /** To be called once nothing points into the chunk any more. */
  takeBack: () => void;
}

/** Chunks that make a statement worth its while. */
const WORTHWHILE = 8;

/**
 * What one commit will store. Whoever stages adds chunks while the commit takes them in statements of some chunks each,
 * so that decoding and DuckDB work at the same time and neither holds much.
 */
export class StagedBatch {
  readonly #backlog: Backlog;
  #ready: StagedChunk[] = [];
  #ended = false;
  #failure: unknown = null;
  #dropped = false;
  #wake: () => void = () => undefined;

  constructor(backlog: Backlog) {
    this.#backlog = backlog;
  }

  /** Whether everything was added. */
  get isWhole(): boolean {
    return this.#ended;
  }

  add(staged: StagedChunk): void {
    if (this.#dropped) {
      staged.takeBack();
      return;
    }
    this.#backlog.grow();
    this.#ready.push(staged);
    if (this.#ready.length >= WORTHWHILE) this.#wake();
  }

  /** Nothing is added any more. */
  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** What was to be added can not be: {@link next} throws. */
  fail(error: unknown): void {
    this.#failure = error;
    this.end();
  }

  /** The chunks for the next statements; none once everything was taken. */
  async next(): Promise<StagedChunk[]> {
    while (!this.#ended && this.#ready.length < WORTHWHILE) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#failure !== null) throw this.#failure as Error;
    const chunks = this.#ready;
    this.#ready = [];
    return chunks;
  }

  /** A chunk that {@link next} returned is done with. */
  taken({ takeBack }: StagedChunk): void {
    this.#backlog.shrink();
    takeBack();
  }

  /** The commit is off: what was added, and what will be, goes back. */
  drop(): void {
    this.#dropped = true;
    for (const staged of this.#ready.splice(0)) this.taken(staged);
  }
}

/** Counts the chunks that wait, of all batches, so that staging does not run ahead of DuckDB by more than a bound. */
export class Backlog {
  readonly #bound: number;
  #chunks = 0;
  #wake: () => void = () => undefined;

  /** @param bound more than {@link WORTHWHILE}, or a batch would wait for chunks that nobody stages */
  constructor(bound: number) {
    this.#bound = Math.max(bound, WORTHWHILE + 1);
  }

  grow(): void {
    this.#chunks += 1;
  }

  shrink(): void {
    this.#chunks -= 1;
    if (this.#chunks < this.#bound) this.#wake();
  }

  /** Resolves when more may be staged. */
  async room(): Promise<void> {
    while (this.#chunks >= this.#bound) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
