import {
  BIGINT,
  DOUBLE,
  type DuckDBType,
  INTEGER,
  LIST,
  SMALLINT,
  UBIGINT,
  UHUGEINT,
  UINTEGER,
  USMALLINT,
  UTINYINT,
  VARCHAR,
} from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import type { ByteRanges } from '../../../telemetry/attribute-columns.js';
import { ABSENT } from '../../../telemetry/span-columns.js';
import type { NativeHeap } from './native-heap.js';
import { pointEntries, writeBoolean, writeBytes, writeInteger, writeMade } from './text-entry.js';

/** Rows of one vector: DuckDB's fixed size. */
export const VECTOR_ROWS = 2048;

const TYPES = {
  utinyint: UTINYINT,
  usmallint: USMALLINT,
  smallint: SMALLINT,
  integer: INTEGER,
  uinteger: UINTEGER,
  bigint: BIGINT,
  ubigint: UBIGINT,
  double: DOUBLE,
};

/** One column of the rows that are being staged. Every row of a chunk is set once, in order. */
export interface Column {
  readonly type: DuckDBType;
  /** Called before the first row of a chunk. */
  clear(): void;
  /** Copies the rows into the vector. Text lies at `heapAddress`. */
  fill(vector: duckdb.Vector, rows: number, heapAddress: number): void;
}

const NUMBERS = {
  utinyint: Uint8Array,
  usmallint: Uint16Array,
  smallint: Int16Array,
  integer: Int32Array,
  uinteger: Uint32Array,
  bigint: BigInt64Array,
  ubigint: BigUint64Array,
  double: Float64Array,
} as const;
type NumberType = keyof typeof NUMBERS;
type NumberArray<Type extends NumberType> = InstanceType<(typeof NUMBERS)[Type]>;

export class NumberColumn<Type extends NumberType> implements Column {
  readonly type: DuckDBType;
  readonly data: NumberArray<Type>;

  constructor(type: Type) {
    this.type = TYPES[type];
    this.data = new NUMBERS[type](VECTOR_ROWS) as NumberArray<Type>;
  }

  clear(): void {}

  fill(vector: duckdb.Vector, rows: number): void {
    copy(vector, this.data, rows * this.data.BYTES_PER_ELEMENT);
  }
}

/** Sixty-four-bit whole numbers by halves, so that no BigInt is made per row. */
export class WordsColumn implements Column {
  readonly type = TYPES.bigint;
  readonly #words = new Uint32Array(VECTOR_ROWS * 2);

  clear(): void {}

  set(row: number, low: number, high: number): void {
    this.#words[row * 2] = low;
    this.#words[row * 2 + 1] = high;
  }

  /** A time in nanoseconds; what lies beyond the year 2262 is stored as the last instant. */
  setTime(row: number, low: number, high: number): void {
    const beyond = high > 0x7fffffff;
    this.set(row, beyond ? 0xffffffff : low, beyond ? 0x7fffffff : high);
  }

  fill(vector: duckdb.Vector, rows: number): void {
    copy(vector, this.#words, rows * 8);
  }
}

/** Trace and span ids, read as big-endian numbers of 16 or 8 bytes; 0 where there is none. */
export class IdColumn implements Column {
  readonly type: DuckDBType;
  readonly #size: 8 | 16;
  readonly #bytes: Uint8Array;

  constructor(size: 8 | 16) {
    this.type = size === 16 ? UHUGEINT : TYPES.ubigint;
    this.#size = size;
    this.#bytes = new Uint8Array(VECTOR_ROWS * size);
  }

  clear(): void {
    this.#bytes.fill(0);
  }

  set(row: number, source: Uint8Array, offset: number): void {
    if (offset === ABSENT) return;
    const last = (row + 1) * this.#size - 1;
    for (let index = 0; index < this.#size; index++) this.#bytes[last - index] = source[offset + index] as number;
  }

  setHex(row: number, hex: string): void {
    this.set(row, Buffer.from(hex, 'hex'), 0);
  }

  fill(vector: duckdb.Vector, rows: number): void {
    copy(vector, this.#bytes, rows * this.#size);
  }
}

export class TextColumn implements Column {
  readonly type = VARCHAR;
  readonly #heap: NativeHeap;
  readonly #entries = new Uint32Array(VECTOR_ROWS * 4);
  /** One bit a row, set where there is a value. */
  readonly #validity: Uint8Array | null;

  /** A nullable column is NULL wherever nothing was set; any other is empty there. */
  constructor(heap: NativeHeap, nullable = false) {
    this.#heap = heap;
    this.#validity = nullable ? new Uint8Array(VECTOR_ROWS / 8) : null;
  }

  clear(): void {
    this.#entries.fill(0);
    this.#validity?.fill(0);
  }

  /** @param place of `source[0]` on the heap */
  setBytes(row: number, source: Uint8Array, offset: number, length: number, place: number): void {
    this.#markSet(row);
    if (length > 0) writeBytes(this.#entries, row, source, offset, length, place, this.#heap);
  }

  /** The text of row `item` of a request's table. */
  setRange(row: number, source: Uint8Array, { offset, length }: ByteRanges, item: number, place: number): void {
    const bytes = length[item] as number;
    if (bytes > 0) this.setBytes(row, source, offset[item] as number, bytes, place);
  }

  setBoolean(row: number, value: boolean): void {
    this.#markSet(row);
    writeBoolean(this.#entries, row, value);
  }

  /** The number as decimal text; false when it is too long to be written this way. */
  setInteger(row: number, value: number): boolean {
    if (!writeInteger(this.#entries, row, value)) return false;
    this.#markSet(row);
    return true;
  }

  set(row: number, text: string): void {
    this.#markSet(row);
    if (text !== '') writeMade(this.#entries, row, text, this.#heap);
  }

  fill(vector: duckdb.Vector, rows: number, heapAddress: number): void {
    pointEntries(this.#entries, rows, heapAddress);
    copy(vector, this.#entries, rows * 16);
    if (!this.#validity) return;
    duckdb.vector_ensure_validity_writable(vector);
    duckdb.copy_data_to_vector_validity(vector, 0, this.#validity.buffer as ArrayBuffer, 0, this.#validity.byteLength);
  }

  #markSet(row: number): void {
    if (this.#validity) this.#validity[row >> 3] = (this.#validity[row >> 3] as number) | (1 << (row & 7));
  }
}

/** Offsets and lengths of the lists of a vector. */
class ListRanges {
  readonly #words = new Uint32Array(VECTOR_ROWS * 4);

  set(row: number, from: number, to: number): void {
    this.#words[row * 4] = from;
    this.#words[row * 4 + 2] = to - from;
  }

  fill(vector: duckdb.Vector, rows: number): void {
    copy(vector, this.#words, rows * 16);
  }
}

/** Lists of text. Values of one row are pushed one after the other, rows in order; {@link endRow} closes each row. */
export class TextListColumn implements Column {
  readonly type = LIST(VARCHAR);
  readonly #heap: NativeHeap;
  readonly #ranges = new ListRanges();
  #entries = new Uint32Array(VECTOR_ROWS * 4 * 16);
  #used = 0;
  #rowFrom = 0;

  constructor(heap: NativeHeap) {
    this.#heap = heap;
  }

  clear(): void {
    this.#used = 0;
    this.#rowFrom = 0;
  }

  pushBytes(source: Uint8Array, offset: number, length: number, place: number): void {
    writeBytes(this.#entries, this.#next(), source, offset, length, place, this.#heap);
  }

  pushBoolean(value: boolean): void {
    writeBoolean(this.#entries, this.#next(), value);
  }

  /** The number as decimal text; false when it is too long to be written this way. */
  pushInteger(value: number): boolean {
    const row = this.#next();
    if (writeInteger(this.#entries, row, value)) return true;
    this.#used -= 1;
    return false;
  }

  push(text: string): void {
    writeMade(this.#entries, this.#next(), text, this.#heap);
  }

  endRow(row: number): void {
    this.#ranges.set(row, this.#rowFrom, this.#used);
    this.#rowFrom = this.#used;
  }

  fill(vector: duckdb.Vector, rows: number, heapAddress: number): void {
    pointEntries(this.#entries, this.#used, heapAddress);
    this.#ranges.fill(vector, rows);
    copy(children(vector, this.#used), this.#entries, this.#used * 16);
  }

  #next(): number {
    if ((this.#used + 1) * 4 > this.#entries.length) {
      const larger = new Uint32Array(this.#entries.length * 2);
      larger.set(this.#entries);
      this.#entries = larger;
    }
    return this.#used++;
  }
}

/** Lists of numbers, set row by row in order. */
export class NumberListColumn<Type extends 'double' | 'uinteger' | 'smallint'> implements Column {
  readonly type: DuckDBType;
  readonly #number: Type;
  readonly #ranges = new ListRanges();
  #data: Float64Array | Uint32Array | Int16Array;
  #used = 0;

  constructor(type: Type) {
    this.type = LIST(TYPES[type]);
    this.#number = type;
    this.#data = new NUMBERS[type](VECTOR_ROWS);
  }

  clear(): void {
    this.#used = 0;
  }

  set(row: number, values: Iterable<number>): void {
    const from = this.#used;
    for (const value of values) {
      if (this.#used === this.#data.length) {
        const larger = new NUMBERS[this.#number](this.#used * 2);
        larger.set(this.#data);
        this.#data = larger;
      }
      this.#data[this.#used++] = value;
    }
    this.#ranges.set(row, from, this.#used);
  }

  fill(vector: duckdb.Vector, rows: number): void {
    this.#ranges.fill(vector, rows);
    copy(children(vector, this.#used), this.#data, this.#used * this.#data.BYTES_PER_ELEMENT);
  }
}

/** The vector of all lists' elements, with room for `count`. */
function children(vector: duckdb.Vector, count: number): duckdb.Vector {
  duckdb.list_vector_reserve(vector, count);
  duckdb.list_vector_set_size(vector, count);
  return duckdb.list_vector_get_child(vector);
}

function copy(vector: duckdb.Vector, source: ArrayBufferView, bytes: number): void {
  if (bytes > 0) duckdb.copy_data_to_vector(vector, 0, source.buffer as ArrayBuffer, source.byteOffset, bytes);
}
