import duckdb from '@duckdb/node-bindings';

const FIRST_BYTES = 1 << 20;

/**
 * Text of a chunk on its way into vectors. A string of a vector is sixteen bytes that point at text; gathered here, all
 * text of a chunk is handed to native code in one copy, and the pointers are computed from where it landed. No call
 * crosses into native code per string.
 */
export class NativeHeap {
  #bytes = Buffer.allocUnsafe(FIRST_BYTES);
  #used = 0;
  /** Owns the native copy: it must stay reachable until the chunk has been appended. */
  #owner: duckdb.Vector | null = null;

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

  /** Moves everything to native memory and returns its address there. */
  seal(): number {
    if (this.#used === 0) return 0;
    // A blob vector with one value is the only memory the binding copies into and tells the address of.
    const owner = duckdb.create_vector(BLOB, 1);
    // A value of up to twelve bytes would be kept in the entry itself.
    const length = Math.max(this.#used, 16);
    duckdb.vector_assign_string_element_len(owner, 0, this.#bytes.subarray(0, length));
    this.#owner = owner;
    const entry = duckdb.vector_get_data(owner, 16);
    return Number(new DataView(entry.buffer, entry.byteOffset, 16).getBigUint64(8, true));
  }

  /** Forgets everything; what pointed into it must have been appended. */
  reset(): void {
    this.#owner = null;
    this.#used = 0;
  }

  #room(length: number): number {
    if (this.#owner !== null) throw new Error('what is placed after the seal is in no vector');
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
