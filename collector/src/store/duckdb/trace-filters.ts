import type { DuckDBConnection } from '@duckdb/node-api';
import { rowsOf } from './database.js';
import type { Slice } from './slice.js';

/** Bits of a filter: a million traces with about two false hits in a hundred. */
const BITS = 1 << 23;
const HASHES = 4;

/**
 * A small Bloom filter per slice says which slices may hold a trace, so that a trace is found by its id alone without
 * looking into all of them. Built from the slice's trace summaries when it is first asked, kept up with each commit.
 */
export class TraceFilters {
  readonly #connection: DuckDBConnection;
  readonly #filters = new Map<string, Promise<Uint32Array>>();

  constructor(connection: DuckDBConnection) {
    this.#connection = connection;
  }

  /** Called after the commit that stored the traces. */
  add(slice: Slice, traceIds: readonly string[]): void {
    const filter = this.#filters.get(slice.name);
    if (filter) void filter.then((bits) => traceIds.forEach((id) => mark(bits, BigInt(`0x${id}`))));
  }

  async slicesOf(traceId: string, slices: readonly Slice[]): Promise<Slice[]> {
    const id = BigInt(`0x${traceId}`);
    const found: Slice[] = [];
    for (const name of this.#filters.keys()) {
      if (!slices.some((slice) => slice.name === name)) this.#filters.delete(name);
    }
    for (const slice of slices) if (has(await this.#filter(slice), id)) found.push(slice);
    return found;
  }

  #filter(slice: Slice): Promise<Uint32Array> {
    let filter = this.#filters.get(slice.name);
    if (!filter) {
      filter = this.#build(slice);
      this.#filters.set(slice.name, filter);
      filter.catch(() => this.#filters.delete(slice.name));
    }
    return filter;
  }

  async #build(slice: Slice): Promise<Uint32Array> {
    const bits = new Uint32Array(BITS / 32);
    const rows = await rowsOf(this.#connection, `SELECT DISTINCT trace_id FROM ${slice.catalog}.traces`);
    for (const row of rows) mark(bits, row.trace_id as bigint);
    return bits;
  }
}

function mark(bits: Uint32Array, id: bigint): void {
  for (const bit of placesOf(id)) bits[bit >>> 5] = (bits[bit >>> 5] as number) | (1 << (bit & 31));
}

function has(bits: Uint32Array, id: bigint): boolean {
  return placesOf(id).every((bit) => ((bits[bit >>> 5] as number) & (1 << (bit & 31))) !== 0);
}

/** Trace ids are random already; senders whose ids are not still differ somewhere in the mixed halves. */
function placesOf(id: bigint): number[] {
  let low = Number(id & 0xffffffffn) ^ Number((id >> 64n) & 0xffffffffn);
  const high = Math.imul(Number((id >> 32n) & 0xffffffffn) ^ Number(id >> 96n), 0x9e3779b1) | 1;
  const places: number[] = [];
  for (let index = 0; index < HASHES; index++) {
    low = Math.imul(low ^ (low >>> 15), 0x85ebca6b) + high;
    places.push((low ^ (low >>> 13)) & (BITS - 1));
  }
  return places;
}
