import type { DuckDBConnection } from '@duckdb/node-api';
import { Signal } from '../../log/log-record.js';
import { StoreError } from '../store.js';
import { rowsOf } from './database.js';
import { hashOf, IdFilter, type IdHash } from './id-filter.js';
import type { LineFilters } from './line-filters.js';
import type { Slice } from './slice.js';
import type { Slices } from './slices.js';

/** Kinds of ids a sealed slice has a filter for: traces of spans and lines, correlation ids of both, traces that links name. */
export type FilterKind = 'trace' | 'correlation' | 'link';

/** Keys a slice that is written to is expected to take: a million traces with about two false hits in a hundred. */
const OPEN_KEYS = 1 << 19;
/** Bytes of stored filters that are held; those that were not asked for the longest go. */
const MAX_BYTES = 64 << 20;

/**
 * Small filters say which slices may hold an id, so that a trace is found without looking into all of them. A sealed
 * slice keeps its own; for one that is written to they are built when first asked, and follow each commit.
 */
export class SliceFilters {
  readonly #connection: DuckDBConnection;
  readonly #slices: Slices;
  readonly #lines: LineFilters;
  /** By slice's name: traces of spans. */
  readonly #open = new Map<string, Promise<IdFilter>>();
  /** By catalog and kind, least recently used first. */
  readonly #stored = new Map<string, Promise<IdFilter>>();
  #storedBytes = 0;

  constructor(connection: DuckDBConnection, slices: Slices, lines: LineFilters) {
    this.#connection = connection;
    this.#slices = slices;
    this.#lines = lines;
  }

  /** Called after the commit that stored the traces. */
  add(slice: Slice, traceIds: readonly string[]): void {
    const filter = this.#open.get(slice.name);
    // One that cannot be built fails the question that asked for it, and is forgotten.
    filter?.then(
      (known) => traceIds.forEach((id) => known.add(BigInt(`0x${id}`))),
      () => undefined,
    );
  }

  /** Slices that may hold spans of a trace. */
  async ofTrace(traceId: string): Promise<Slice[]> {
    return await this.ofTraces([traceId], this.#slices.all());
  }

  /** Those of `slices` that may hold spans of one of the traces. */
  async ofTraces(traceIds: readonly string[], slices: readonly Slice[]): Promise<Slice[]> {
    const ids = traceIds.map((id) => hashOf(BigInt(`0x${id}`)));
    for (const name of this.#open.keys()) {
      const slice = this.#slices.known(name);
      if (!slice || slice.sealed) this.#open.delete(name);
    }
    return await this.#chosen(slices, async (slice) => {
      if (!slice.extents.has(Signal.traces)) return false;
      const filter = await this.#filterOfTraces(slice);
      return ids.some((id) => filter.mayHaveHashed(id));
    });
  }

  /** Those of `slices` that may hold spans of some of the traces, each with the traces it may hold. */
  async placesOfTraces(traceIds: readonly string[], slices: readonly Slice[]): Promise<Map<Slice, string[]>> {
    const places = new Map<Slice, string[]>();
    const ids = traceIds.map((id) => hashOf(BigInt(`0x${id}`)));
    for (const slice of await this.ofTraces(traceIds, slices)) {
      const filter = await this.#filterOfTraces(slice);
      places.set(
        slice,
        traceIds.filter((_, at) => filter.mayHaveHashed(ids[at] as IdHash)),
      );
    }
    return places;
  }

  /** Slices that may hold lines of a trace. */
  async ofTraceLogs(traceId: string): Promise<Slice[]> {
    const hash = hashOf(BigInt(`0x${traceId}`));
    return await this.#chosen(this.#slices.all(), async (slice) => {
      if (!slice.extents.has(Signal.logs)) return false;
      if (!slice.sealed) return await this.#lines.mayHave(slice, hash);
      return (await this.#storedFilter(slice, 'trace')).mayHaveHashed(hash);
    });
  }

  /** Those of `slices` that may hold the id; one without such a filter, as all that are written to are, always may. */
  async ofStored(kind: FilterKind, id: bigint | string, slices: readonly Slice[]): Promise<Slice[]> {
    const hash = hashOf(id);
    return await this.#chosen(slices, async (slice) => {
      if (slice.sealed === null || (kind === 'link' && slice.sealed.links !== true)) return true;
      return (await this.#storedFilter(slice, kind)).mayHaveHashed(hash);
    });
  }

  /** Reads the stored filters of all sealed slices that fit, newest first, so that the first question need not. */
  async warmUp(signal: AbortSignal): Promise<void> {
    for (const slice of this.#slices.all().reverse()) {
      if (signal.aborted || this.#storedBytes > MAX_BYTES / 2) return;
      if (!slice.sealed) continue;
      const kinds: FilterKind[] = slice.sealed.links === true ? ['trace', 'link'] : ['trace'];
      for (const kind of kinds) await this.#storedFilter(slice, kind).catch(() => undefined);
    }
  }

  async #chosen(slices: readonly Slice[], may: (slice: Slice) => Promise<boolean>): Promise<Slice[]> {
    const found = await Promise.all(slices.map(may));
    return slices.filter((_, at) => found[at]);
  }

  #filterOfTraces(slice: Slice): Promise<IdFilter> {
    return slice.sealed ? this.#storedFilter(slice, 'trace') : this.#openFilter(slice);
  }

  #openFilter(slice: Slice): Promise<IdFilter> {
    let filter = this.#open.get(slice.name);
    if (!filter) {
      filter = this.#build(slice);
      this.#open.set(slice.name, filter);
      filter.catch(() => this.#open.delete(slice.name));
    }
    return filter;
  }

  async #build(slice: Slice): Promise<IdFilter> {
    await this.#slices.attach(slice);
    const rows = await rowsOf(this.#connection, `SELECT DISTINCT trace_id FROM ${slice.catalog}.traces`);
    const filter = IdFilter.forKeys(Math.max(OPEN_KEYS, rows.length));
    for (const row of rows) filter.add(row.trace_id as bigint);
    return filter;
  }

  #storedFilter(slice: Slice, kind: FilterKind): Promise<IdFilter> {
    const key = `${slice.catalog} ${kind}`;
    const known = this.#stored.get(key);
    if (known) {
      this.#stored.delete(key);
      this.#stored.set(key, known);
      return known;
    }
    const filter = this.#read(slice, kind);
    this.#stored.set(key, filter);
    filter.then(
      (read) => {
        this.#storedBytes += read.bytes.length;
        void this.#forgetSome();
      },
      () => this.#stored.delete(key),
    );
    return filter;
  }

  async #read(slice: Slice, kind: FilterKind): Promise<IdFilter> {
    await this.#slices.attach(slice);
    const rows = await rowsOf(this.#connection, `SELECT bits FROM ${slice.catalog}.filters WHERE kind = $1`, [kind]);
    const [row] = rows as { bits: { bytes: Uint8Array } }[];
    if (!row) throw new StoreError('store_failed', `${slice.path} has no filter over ids`, { retryable: false });
    return IdFilter.fromBytes(row.bits.bytes);
  }

  async #forgetSome(): Promise<void> {
    for (const [key, filter] of this.#stored) {
      if (this.#storedBytes <= MAX_BYTES) return;
      this.#stored.delete(key);
      // One that failed was never counted.
      const read = await filter.catch(() => null);
      this.#storedBytes -= read?.bytes.length ?? 0;
    }
  }
}
