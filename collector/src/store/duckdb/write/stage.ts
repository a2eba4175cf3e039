import type { RowTable } from '../schema.js';
import { Chunk, type Columns } from './chunk.js';
import { VECTOR_ROWS } from './column.js';
import { NativeHeap } from './native-heap.js';
import type { StagedBatch } from './staged-batch.js';

/** Chunks that are kept for use again; those beyond, of one enormous request, are given back. */
const KEPT_CHUNKS = 24;

/** Fills chunks with the rows of one table, and hands each to the batch as soon as it is full. */
export class Stage<Of extends Columns> {
  readonly table: RowTable;
  readonly #make: (heap: NativeHeap) => Of;
  readonly #heap = new NativeHeap();
  readonly #free: Chunk<Of>[] = [];
  #chunk: Chunk<Of>;
  #batch: StagedBatch | null = null;
  #body: Uint8Array | null = null;
  #bodyPlace = 0;

  constructor(table: RowTable, make: (heap: NativeHeap) => Of) {
    this.table = table;
    this.#make = make;
    this.#chunk = new Chunk(make(this.#heap));
  }

  /** Those of the row that {@link next} returned last. */
  get columns(): Of {
    return this.#chunk.columns;
  }

  get types(): Chunk['types'] {
    return this.#chunk.types;
  }

  open(batch: StagedBatch): void {
    this.#batch = batch;
  }

  /** Place of the next row; set all its columns before asking for another. */
  next(): number {
    if (this.#chunk.rows === VECTOR_ROWS) this.#handOver();
    return this.#chunk.rows++;
  }

  /** Place of `bytes` on the heap, for the row that {@link next} returned last. */
  placeOf(bytes: Uint8Array): number {
    if (this.#body !== bytes) {
      this.#body = bytes;
      this.#bodyPlace = this.#heap.place(bytes);
    }
    return this.#bodyPlace;
  }

  close(): void {
    if (this.#chunk.rows > 0) this.#handOver();
    this.#batch = null;
  }

  #handOver(): void {
    const full = this.#chunk;
    this.#chunk = this.#free.pop() ?? new Chunk(this.#make(this.#heap));
    full.seal(this.#heap);
    this.#body = null;
    const takeBack = (): void => {
      full.clear();
      if (this.#free.length < KEPT_CHUNKS) this.#free.push(full);
    };
    if (this.#batch === null) takeBack();
    else this.#batch.add({ table: this.table, chunk: full, takeBack });
  }
}
