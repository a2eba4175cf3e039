import duckdb from '@duckdb/node-bindings';

const FIRST_BYTES = 1 << 20;

/**
 * Text of a chunk while it is filled. A string of a vector is sixteen bytes that point at text; gathered here, all text
 * of a chunk is handed to native code in one copy, and the pointers are computed from where it landed. No call crosses
 * into native code per string.
 */
export class NativeHeap {
  #bytes = Buffer.allocUnsafe(FIRST_BYTES);
  #used = 0;

  /** Copies `source` in and returns its place. */
  place(source: Uint8Array): number {
    const at = this.#room(source.length);
    this.#bytes.set(source, at);
    return at;
  }

  placeText(text: string): { bytes: Buffer; at: number; length: number } {
    const length = Buffer.byteLength(text);
    const at = this.#room(length);
    this.#bytes.write(text, at, length, 'utf8');
    return { bytes: this.#bytes, at, length };
  }

  /** Moves everything to native memory and begins anew. */
  moveTo(text: NativeText): void {
    // A value of up to twelve bytes would be kept in the entry itself.
    if (this.#used > 0) text.hold(this.#bytes.subarray(0, Math.max(this.#used, 16)));
    this.#used = 0;
  }

  #room(length: number): number {
    const at = this.#used;
    if (at + length > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, at + length));
      this.#bytes.copy(larger, 0, 0, at);
      this.#bytes = larger;
    }
    this.#used = at + length;
    return at;
  }
}

const BLOB = duckdb.create_logical_type(duckdb.Type.BLOB);

/** Text of a chunk that is full, in native memory. */
export class NativeText {
  // A blob vector with one value is the only memory the binding copies into and tells the address of.
  readonly #owner = duckdb.create_data_chunk([BLOB]);
  #address = 0;

  /** Where the text begins, until {@link release}. */
  get address(): number {
    return this.#address;
  }

  hold(bytes: Uint8Array): void {
    const vector = duckdb.data_chunk_get_vector(this.#owner, 0);
    duckdb.vector_assign_string_element_len(vector, 0, bytes);
    const entry = duckdb.vector_get_data(vector, 16);
    this.#address = Number(new DataView(entry.buffer, entry.byteOffset, 16).getBigUint64(8, true));
  }

  /** Gives the memory back; what pointed into it must have been appended. */
  release(): void {
    if (this.#address !== 0) duckdb.data_chunk_reset(this.#owner);
    this.#address = 0;
  }
}
