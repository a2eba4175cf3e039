import type { DuckDBType } from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import type { Column } from './column.js';
import { type NativeHeap, NativeText } from './native-heap.js';

/** Columns of a table in the order of the table's; a list stands for several. */
export type Columns = Readonly<Record<string, Column | readonly Column[]>>;

/** Up to {@link VECTOR_ROWS} rows of one table: what DuckDB takes at a time. Used again once it has taken them. */
export class Chunk<Of extends Columns = Columns> {
  readonly columns: Of;
  readonly #bound: readonly Column[];
  readonly #text = new NativeText();
  rows = 0;

  constructor(columns: Of) {
    this.columns = columns;
    this.#bound = Object.values(columns).flat() as Column[];
  }

  get types(): DuckDBType[] {
    return this.#bound.map((column) => column.type);
  }

  /** No row follows; takes over the text that its rows point to. */
  seal(heap: NativeHeap): void {
    heap.moveTo(this.#text);
  }

  /** Copies the rows out. Their text stays here: this must not be cleared before they have been read. */
  copyTo(target: duckdb.DataChunk): void {
    duckdb.data_chunk_set_size(target, this.rows);
    this.#bound.forEach((column, index) =>
      column.fill(duckdb.data_chunk_get_vector(target, index), this.rows, this.#text.address),
    );
  }

  clear(): void {
    this.rows = 0;
    this.#text.release();
    for (const column of this.#bound) column.clear();
  }
}
