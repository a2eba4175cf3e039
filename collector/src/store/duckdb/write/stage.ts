import type { DuckDBAppender, DuckDBConnection } from '@duckdb/node-api';
import { DuckDBDataChunk } from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import { type Column, VECTOR_ROWS } from './column.js';
import type { NativeHeap } from './native-heap.js';

/**
 * Rows on their way into a slice. They are written into vectors, gathered in a table in memory, and moved from there
 * by one statement on another thread: appending to a slice's file would hold this thread while it compresses.
 */
export class Stage<Columns extends Record<string, Column>> {
  readonly columns: Columns;
  readonly #table: string;
  readonly #connection: DuckDBConnection;
  readonly heap: NativeHeap;
  readonly #bound: Column[];
  #appender: DuckDBAppender | null = null;
  #chunk: DuckDBDataChunk | null = null;
  #body: Uint8Array | null = null;
  #bodyPlace = 0;
  #row = 0;
  #rows = 0;

  /** `columns` in the order of the table's columns. */
  constructor(connection: DuckDBConnection, table: string, heap: NativeHeap, columns: Columns) {
    this.#connection = connection;
    this.#table = table;
    this.heap = heap;
    this.columns = columns;
    this.#bound = Object.values(columns);
  }

  /** Rows since the last {@link open}. */
  get rows(): number {
    return this.#rows;
  }

  get isOpen(): boolean {
    return this.#appender !== null;
  }

  get table(): string {
    return this.#table;
  }

  async open(): Promise<void> {
    this.#appender = await this.#connection.createAppender(this.#table);
    this.#rows = 0;
    this.#row = 0;
  }

  /** Place of the next row; set all its columns before asking for another. */
  next(): number {
    if (this.#row === VECTOR_ROWS) this.#flush();
    if (this.#row === 0) for (const column of this.#bound) column.clear();
    this.#rows += 1;
    return this.#row++;
  }

  /** Place of `bytes` on the heap, for the row that {@link next} returned last. */
  placeOf(bytes: Uint8Array): number {
    if (this.#body !== bytes) {
      this.#body = bytes;
      this.#bodyPlace = this.heap.place(bytes);
    }
    return this.#bodyPlace;
  }

  close(): void {
    if (this.#row > 0) this.#flush();
    this.#appender?.closeSync();
    this.#appender = null;
  }

  #flush(): void {
    const appender = this.#appender as DuckDBAppender;
    if (this.#chunk) this.#chunk.reset();
    else this.#chunk = DuckDBDataChunk.create(this.#bound.map((_, index) => appender.columnType(index)));
    const { chunk } = this.#chunk;
    const rows = this.#row;
    duckdb.data_chunk_set_size(chunk, rows);
    const heapAddress = this.heap.seal();
    this.#bound.forEach((column, index) => column.fill(duckdb.data_chunk_get_vector(chunk, index), rows, heapAddress));
    appender.appendDataChunk(this.#chunk);
    this.heap.reset();
    this.#body = null;
    this.#row = 0;
  }
}
